using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace AuthServer.Tests.Support;

/// <summary>The program itself, as an operator starts it: a process with its own exit code, stdout and stderr.</summary>
internal sealed class AuthServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private AuthServerProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Where it listens; ends in a slash.</summary>
    public Uri Address { get; }

    /// <summary>By which the system knows it.</summary>
    public int Id => _process.Id;

    public string Output => Text(_output);

    public string Error => Text(_error);

    /// <summary>Starts it in <paramref name="folder"/>, in Production (with settings that are good for it) unless told otherwise, on a port of its own.</summary>
    /// <param name="folder">Its working directory, where it keeps its database.</param>
    /// <param name="args">Its command line: a verb, settings as <c>--Section:Key=value</c>.</param>
    public static AuthServerProcess Start(string folder, params string[] args) =>
        Start(folder, new Dictionary<string, string?>(StringComparer.Ordinal), args);

    /// <summary>The same with environment variables; null removes one.</summary>
    public static AuthServerProcess Start(
        string folder,
        IReadOnlyDictionary<string, string?> environment,
        params string[] args
    )
    {
        var address = new Uri($"http://localhost:{Ports.Next().ToString(CultureInfo.InvariantCulture)}/");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "AuthServer.dll"));
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        Allow(start.Environment, environment);
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        start.Environment.Remove("AUTHSERVER_CONFIG");
        foreach (var (name, value) in environment)
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }

        var server = new AuthServerProcess(new Process { StartInfo = start }, address);
        server._process.OutputDataReceived += (_, line) => Append(server._output, line.Data);
        server._process.ErrorDataReceived += (_, line) => Append(server._error, line.Data);
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Waits until it answers; fails with its own words when it ends before.</summary>
    public async Task ReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = Address };
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < Patience; )
        {
            if (_process.HasExited)
            {
                await ExitAsync();
                throw new InvalidOperationException($"It ended instead of serving: {Error}{Output}");
            }

            try
            {
                using var answer = await http.GetAsync("health/live");
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50);
            }
        }

        throw new TimeoutException($"It does not answer: {Error}{Output}");
    }

    /// <summary>Waits until <paramref name="words"/> have come on stdout; they may come after it answers.</summary>
    public async Task SaysAsync(string words)
    {
        for (var started = Stopwatch.GetTimestamp(); !Output.Contains(words, StringComparison.Ordinal); )
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"It does not say '{words}': {Error}{Output}");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>Asks it to stop, as a container engine or a service manager does.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits until it has ended and all it said has arrived; its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await ExitAsync();
        }

        _process.Dispose();
    }

    // What Production asks of an operator, and what this machine and this version cannot give.
    private static void Allow(
        IDictionary<string, string?> target,
        IReadOnlyDictionary<string, string?> environment
    )
    {
        target["ASPNETCORE_ENVIRONMENT"] = "Production";
        target["Drain__Delay"] = "00:00:00";
        if (environment.ContainsKey("ASPNETCORE_ENVIRONMENT"))
        {
            return;
        }

        target["Issuer"] = "https://auth.example.org/";
        target["Proxies__Known__0"] = "192.0.2.1";
        target["Unsafe__AllowOutdatedRuntime"] = "true";
        target["Unsafe__AllowLettersToLog"] = "true";
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.AppendLine(line);
            }
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
