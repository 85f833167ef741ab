using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Drills;

/// <summary>A process that we started. It ends with this program, however that ends but by SIGKILL.</summary>
internal sealed class Child : IAsyncDisposable
{
    private const int MostCharacters = 2_000_000;

    private static readonly ConcurrentDictionary<Child, bool> Alive = new();

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    static Child() =>
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            foreach (var child in Alive.Keys)
            {
                child._process.Kill();
            }
        };

    private Child(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => Text(_output);

    public string Error => Text(_error);

    /// <summary>Starts a program.</summary>
    /// <param name="words">The program and its arguments.</param>
    /// <param name="folder">Its working directory.</param>
    /// <param name="environment">What is added to its environment.</param>
    public static Child Start(
        IReadOnlyList<string> words,
        string folder,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var child = new Child(new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, line) => Append(child._output, line.Data);
        child._process.ErrorDataReceived += (_, line) => Append(child._error, line.Data);
        child._process.Start();
        Alive[child] = true;
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end; gives its exit code and what it said.</summary>
    public static async Task<(int Code, string Words)> RunAsync(
        IReadOnlyList<string> words,
        string folder,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        await using var child = Start(words, folder, environment);
        var code = await child.ExitAsync(TimeSpan.FromMinutes(3));
        return (code, child.Output + child.Error);
    }

    /// <summary>The same; whatever is not 0 is a fault of the drill.</summary>
    public static async Task<string> MustRunAsync(IReadOnlyList<string> words, string folder)
    {
        var (code, said) = await RunAsync(words, folder);
        return code == 0
            ? said
            : throw new InvalidOperationException($"{string.Join(' ', words)} ended with {code}: {said}");
    }

    /// <summary>Sends a signal to this process, and to no other.</summary>
    public Task SignalAsync(string name) => SignalAsync(name, [Id]);

    public static async Task SignalAsync(string name, IEnumerable<int> ids)
    {
        using var kill = Process.Start(
            "kill",
            [$"-{name}", .. ids.Select(id => id.ToString(CultureInfo.InvariantCulture))]
        );
        await kill.WaitForExitAsync();
    }

    /// <summary>SIGKILL, at once: no tool is started for it.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Waits for its end; its exit code, or -1 when it had to be killed because it did not end.</summary>
    public async Task<int> ExitAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            return -1;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        Alive.TryRemove(this, out _);
        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            if (line is not null && text.Length < MostCharacters)
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
