using System.Diagnostics;
using System.Globalization;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.RelyingParties;

/// <summary>One of the applications under <c>samples/</c>, running as a process of its own on a port of its own.</summary>
internal sealed class Sample : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Process _process = new();
    private readonly TaskCompletionSource _listening = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly List<string> _output = [];

    private Sample(string name, int port, string[] settings)
    {
        // The solution has built it in the same configuration as these tests.
        var built = new DirectoryInfo(AppContext.BaseDirectory);
        var folder = Path.Combine(
            Repository.Root.FullName,
            "samples",
            name,
            "bin",
            built.Parent!.Name,
            built.Name
        );
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}/"));
        _process.StartInfo = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(folder, $"{name}.dll"), $"--urls={Address}", .. settings]
        )
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Development" },
        };
        _process.EnableRaisingEvents = true;
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException("It ended."));
    }

    public Uri Address { get; }

    /// <summary>Everything it has said so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join(Environment.NewLine, _output);
            }
        }
    }

    /// <summary>Starts a sample and returns when it listens.</summary>
    public static async Task<Sample> StartAsync(string name, int port, params string[] settings)
    {
        var sample = new Sample(name, port, settings);
        sample._process.Start();
        sample._process.BeginOutputReadLine();
        sample._process.BeginErrorReadLine();
        try
        {
            await sample._listening.Task.WaitAsync(Patience);
            return sample;
        }
        catch (Exception exception)
        {
            await sample.DisposeAsync();
            throw new InvalidOperationException(
                $"The sample {name} did not start. {sample.Output}",
                exception
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.Add(line);
        }

        if (line.Contains("Now listening on", StringComparison.Ordinal))
        {
            _listening.TrySetResult();
        }
    }
}
