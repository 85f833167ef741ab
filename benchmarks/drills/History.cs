using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Drills;

/// <summary>What a client did to a family, and what became of it. Tokens are named by their hash.</summary>
/// <param name="Family">Its number.</param>
/// <param name="Deed"><c>refresh</c>, <c>revoke</c>, or <c>probe</c>: a refresh after the end.</param>
/// <param name="Token">The token that was sent.</param>
/// <param name="Sent">Milliseconds since the drill began.</param>
/// <param name="Answered">The same.</param>
/// <param name="Kind">As in <see cref="Answer.Kind"/>.</param>
/// <param name="Next">The refresh token in the answer.</param>
internal sealed record Entry(
    int Family,
    string Deed,
    string Token,
    double Sent,
    double Answered,
    string Kind,
    string? Next
)
{
    public double Taken => Answered - Sent;

    public bool IsOk => Kind == "200";
}

/// <summary>Records every request about a family, in memory and as a line of JSON.</summary>
internal sealed class History(string file) : IDisposable
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private readonly StreamWriter _lines = new(file);

    public string File => file;

    /// <summary>Whether the file stays when the drill is over.</summary>
    public bool IsOfInterest { get; set; }

    /// <summary>Milliseconds since the drill began.</summary>
    public double Now => Stopwatch.GetElapsedTime(_began).TotalMilliseconds;

    public IReadOnlyList<Entry> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries];
            }
        }
    }

    /// <summary>Does it, and records it.</summary>
    public async Task<Answer> RecordAsync(Family family, string deed, string token, Func<Task<Answer>> ask)
    {
        var sent = Now;
        var answer = await ask();
        var next = answer.IsOk && deed != "revoke" ? Name(answer["refresh_token"]) : null;
        var entry = new Entry(family.Number, deed, Name(token), sent, Now, answer.Kind, next);
        Add(entry);
        return answer;
    }

    public void Dispose()
    {
        _lines.Dispose();
        if (!IsOfInterest)
        {
            System.IO.File.Delete(file);
        }
    }

    private void Add(Entry entry)
    {
        lock (_lock)
        {
            _entries.Add(entry);
            _lines.WriteLine(JsonSerializer.Serialize(entry));
        }
    }

    private static string Name(string token) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)).AsSpan(0, 8));
}
