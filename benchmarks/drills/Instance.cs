using System.Diagnostics;
using System.Globalization;

namespace Drills;

/// <summary>One server: always at the same address, and a process while it lives.</summary>
internal sealed class Instance(string folder, IReadOnlyDictionary<string, string> settings) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private Child? _process;

    public Uri Address { get; } =
        new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Next()}/"));

    /// <summary>What it has said on stdout since it was last started.</summary>
    public string Output => _process?.Output ?? "";

    /// <summary>Starts it and waits until it is ready; how long that took.</summary>
    public async Task<TimeSpan> StartAsync()
    {
        var began = Stopwatch.GetTimestamp();
        _process = Launch();
        while (!await IsReadyAsync())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
            {
                throw new InvalidOperationException($"It does not serve: {_process.Error}{_process.Output}");
            }

            await Task.Delay(20);
        }

        return Stopwatch.GetElapsedTime(began);
    }

    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(Address, "health/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        await _process!.KillAsync();
        await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>SIGTERM, and waits for the end; its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await _process!.SignalAsync("TERM");
        var code = await _process.ExitAsync(Patience);
        await _process.DisposeAsync();
        _process = null;
        return code;
    }

    /// <summary>A verb of the program, with the settings of this instance; its exit code and its words.</summary>
    public Task<(int Code, string Words)> RunAsync(params string[] verb) =>
        Child.RunAsync(Words(verb), folder, Environment());

    /// <summary>Starts the program without waiting for anything: a start that may be refused, or a verb.</summary>
    public Child Launch(params string[] arguments) => Child.Start(Words(arguments), folder, Environment());

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _http.Dispose();
    }

    private static string[] Words(IEnumerable<string> arguments) =>
        ["dotnet", Path.Combine(AppContext.BaseDirectory, "AuthServer.dll"), .. arguments];

    private Dictionary<string, string> Environment() =>
        new(settings) { ["ASPNETCORE_URLS"] = Address.ToString() };
}
