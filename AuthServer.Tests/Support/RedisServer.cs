using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace AuthServer.Tests.Support;

/// <summary>A Redis of the test's own: a child process on a port of loopback, which keeps nothing.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const string Path = "/usr/bin/redis-server";

    private readonly Folder _folder = new();
    private readonly string _port = Ports.Next().ToString(CultureInfo.InvariantCulture);
    private Process? _process;

    /// <summary>Null where the program is there, or where AUTHSERVER_TESTS_REQUIRE_ALL=true forbids to leave tests out.</summary>
    public static string? ReasonToSkip =>
        File.Exists(Path) || Environment.GetEnvironmentVariable("AUTHSERVER_TESTS_REQUIRE_ALL") == "true"
            ? null
            : $"{Path} is missing; ./test.sh installs it on Debian and Ubuntu.";

    public string ConnectionString => $"127.0.0.1:{_port}";

    /// <summary>Starts it, empty, and waits until it answers.</summary>
    /// <param name="password">What it asks for; null for nothing.</param>
    public async Task StartAsync(string? password = null)
    {
        string[] settings = ["--port", _port, "--bind", "127.0.0.1", "--dir", _folder.Path];
        string[] memory = ["--save", "", "--appendonly", "no", "--logfile", _folder.At("redis.log")];
        _process = Process.Start(
            Path,
            [.. settings, .. memory, .. password is null ? [] : (string[])["--requirepass", password]]
        );
        await using var admin = await ConnectAsync(password);
        await admin.GetDatabase().PingAsync();
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>SIGSTOP: it is there, and does not answer.</summary>
    public Task FreezeAsync() => SignalAsync("-STOP");

    public Task ThawAsync() => SignalAsync("-CONT");

    public async Task FlushAsync()
    {
        await using var admin = await ConnectAsync(password: null);
        await admin.GetDatabase().ExecuteAsync("FLUSHALL");
    }

    /// <summary>Every key that it holds.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync()
    {
        await using var admin = await ConnectAsync(password: null);
        var keys = (RedisResult[])(await admin.GetDatabase().ExecuteAsync("KEYS", "*"))!;
        return [.. keys.Select(key => key.ToString())];
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        _folder.Dispose();
    }

    internal async Task<ConnectionMultiplexer> ConnectAsync(string? password)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ConnectionMultiplexer.ConnectAsync(
                    $"{ConnectionString},password={password},connectRetry=1,allowAdmin=true,syncTimeout=30000,asyncTimeout=30000"
                );
            }
            catch (RedisConnectionException) when (attempt < 100)
            {
                await Task.Delay(100);
            }
        }
    }

    private async Task SignalAsync(string signal)
    {
        var id = _process!.Id.ToString(CultureInfo.InvariantCulture);
        using var kill = Process.Start("kill", [signal, id]);
        await kill.WaitForExitAsync();
    }
}

/// <summary>A fact that needs Redis: left out, with the reason, where there is none.</summary>
public sealed class RedisFactAttribute : FactAttribute
{
    public RedisFactAttribute() => Skip = RedisServer.ReasonToSkip;
}
