using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Drills;

/// <summary>A Redis of a drill's own, which keeps nothing.</summary>
internal sealed class Redis : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("drill-redis-");
    private readonly int _port = Ports.Next();
    private Child? _process;

    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    /// <summary>Starts it, empty, and waits until it listens.</summary>
    /// <param name="password">What it asks for; null for nothing.</param>
    public async Task StartAsync(string? password = null)
    {
        string[] words =
        [
            "redis-server",
            "--port",
            _port.ToString(CultureInfo.InvariantCulture),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ];
        _process = Child.Start(
            [.. words, .. password is null ? [] : (string[])["--requirepass", password]],
            _folder.FullName
        );
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await SayAsync("PING");
                return;
            }
            catch (SocketException) when (attempt < 200)
            {
                await Task.Delay(50);
            }
        }
    }

    public async Task KillAsync()
    {
        await _process!.KillAsync();
        await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>SIGSTOP: it is there, and does not answer.</summary>
    public Task FreezeAsync() => _process!.SignalAsync("STOP");

    public Task ThawAsync() => _process!.SignalAsync("CONT");

    /// <summary>A command, in the inline form of its protocol; gives the first line of the answer.</summary>
    public async Task<string> SayAsync(string command)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", _port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync() ?? "";
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        _folder.Delete(recursive: true);
    }
}
