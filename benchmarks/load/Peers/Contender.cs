using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Drills;

namespace Load.Peers;

/// <summary>A server that takes part: a process pinned to a core of its own, and a folder that goes with it.</summary>
internal sealed class Contender(Entry entry, string under) : IAsyncDisposable
{
    private const string Core = "0";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo _folder = Directory.CreateDirectory(
        Path.Combine(under, $"bench-{Environment.ProcessId}-{entry.Name}")
    );
    private readonly int _port = Ports.Next();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private Child? _process;

    public string Name => entry.Name;

    public Dialect Dialect => entry.Dialect;

    public string Folder => _folder.FullName;

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/"));

    /// <summary>Signed in, once <see cref="SignInAsync"/> has been called.</summary>
    public Browser Browser { get; private set; } = null!;

    public ProcessFigures Figures => new(_process!.Id);

    /// <summary>Starts it and waits until it answers; how long that took.</summary>
    public async Task<TimeSpan> StartAsync()
    {
        var launch = entry.Launch(Folder, _port);
        var began = Stopwatch.GetTimestamp();
        // Its log goes to a file, as under a service manager; the shell and taskset become the program.
        _process = Child.Start(
            ["sh", "-c", $"exec taskset -c {Core} \"$@\" > log.txt 2>&1", "sh", .. launch.Words],
            Folder,
            launch.Environment
        );
        while (!await AnswersAsync())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
            {
                throw new InvalidOperationException($"{Name} does not serve: {Log()}");
            }

            await Task.Delay(2);
        }

        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Whether it gives a client tokens of its own.</summary>
    public bool GivesTokens => Name != Names.Plaintext;

    /// <summary>How long a client waits for its first token.</summary>
    public async Task<TimeSpan> FirstTokenAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, Dialect.Token));
        request.Headers.Add("Authorization", Bench.Authorization);
        request.Content = new StringContent(
            $"grant_type=client_credentials&{Dialect.OwnToken["ES256"]}",
            Encoding.ASCII,
            "application/x-www-form-urlencoded"
        );
        var began = Stopwatch.GetTimestamp();
        using var answer = await _http.SendAsync(request);
        Peers.Browser.Require(answer, HttpStatusCode.OK);
        return Stopwatch.GetElapsedTime(began);
    }

    public async Task SignInAsync()
    {
        Browser = new Browser(Address);
        await Dialect.SignInAsync(Browser);
    }

    public async Task StopAsync()
    {
        await _process!.SignalAsync("TERM");
        await _process.ExitAsync(Patience);
        await _process.DisposeAsync();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await StopAsync();
        }

        Browser?.Dispose();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(Address, Dialect.Discovery));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private string Log() => string.Join('\n', File.ReadLines(Path.Combine(Folder, "log.txt")).TakeLast(20));
}
