using System.Diagnostics;
using System.Text.RegularExpressions;
using MimeKit;

namespace AuthServer.Tests.Support;

/// <summary>The mailbox of everybody: the letters that a server in Development keeps in its folder.</summary>
public sealed class Inbox(Server server)
{
    private static readonly Regex Link = new(@"https?://\S+", RegexOptions.NonBacktracking);

    private string Folder => Path.Combine(server.Folder, "mail");

    /// <summary>The letters to an address, oldest first, as they are in the folder now.</summary>
    public IReadOnlyList<string> To(string address) =>
        Directory.Exists(Folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(Folder, "*.eml")
                    .Order(StringComparer.Ordinal)
                    .Select(Read)
                    .Where(letter => letter.Contains($"To: {address}\n", StringComparison.OrdinalIgnoreCase)),
            ]
            : [];

    /// <summary>The first letter to an address under a subject. Letters come a moment after the answer, in their order.</summary>
    public async Task<string> ReceiveAsync(string address, string subject) =>
        (await ReceiveAsync(address, subject, count: 1))[0];

    /// <summary>The first few of them.</summary>
    public async Task<IReadOnlyList<string>> ReceiveAsync(string address, string subject, int count)
    {
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < TimeSpan.FromSeconds(30))
        {
            var letters = To(address)
                .Where(letter => letter.Contains($"Subject: {subject}\n", StringComparison.Ordinal))
                .Take(count)
                .ToList();
            if (letters.Count == count)
            {
                return letters;
            }

            await Task.Delay(10);
        }

        throw new TimeoutException($"No letter '{subject}' came to {address}.");
    }

    // As a mail program shows it: the head, an empty line, the plain text.
    private static string Read(string path)
    {
        var letter = MimeMessage.Load(path);
        return $"From: {letter.From}\nTo: {letter.To}\nSubject: {letter.Subject}\n\n{letter.TextBody!.ReplaceLineEndings("\n")}";
    }

    /// <summary>The address in the letter.</summary>
    public static string LinkIn(string letter) => Link.Match(letter).Value;
}
