using System.Text;
using static AuthServer.Language.Words;

namespace AuthServer.Accounts;

/// <summary>The rules of a person's name. Real names come in every script; markup and invisible characters do not.</summary>
internal static class PersonName
{
    private const int MinLength = 2;
    private const int MaxLength = 100;

    /// <summary>Spaces at the ends taken off, in Unicode's form NFC. Only for a name that breaks no rule.</summary>
    public static string Clean(string typed) => typed.Trim().Normalize(NormalizationForm.FormC);

    /// <summary>What is wrong, in words that say what to do; empty when nothing is.</summary>
    public static IReadOnlyList<string> Broken(string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
        {
            return [Say("Enter your name.")];
        }

        if (!PlainText.IsWellFormed(typed))
        {
            return [Say("Use only letters, spaces, hyphens, apostrophes and dots.")];
        }

        var characters = Clean(typed).EnumerateRunes().ToArray();
        List<string> broken = [];
        if (characters.Length is < MinLength or > MaxLength)
        {
            broken.Add(Say("Use {0} to {1} characters.", MinLength, MaxLength));
        }

        if (PlainText.IsMark(characters[0]) || !characters.All(IsAllowed))
        {
            broken.Add(Say("Use only letters, spaces, hyphens, apostrophes and dots."));
        }
        else if (!characters.Any(Rune.IsLetter))
        {
            broken.Add(Say("Use at least one letter."));
        }

        return broken;
    }

    private static bool IsAllowed(Rune rune) =>
        Rune.IsLetter(rune)
        || PlainText.IsMark(rune)
        || rune.Value is ' ' or '-' or '\u2010' or '\'' or '\u2019' or '.';
}
