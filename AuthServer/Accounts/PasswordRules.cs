using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using static AuthServer.Language.Words;

namespace AuthServer.Accounts;

/// <summary>What a password must be, in the profile that the configuration chose.</summary>
internal sealed class PasswordRules(IOptions<PasswordsOptions> options, PasswordGuess guess)
{
    private const int MaxLength = 128;

    // 128 of the longest characters that people type; a character may also be an endless pile of marks.
    private const int MaxCodeUnits = 1024;

    private bool IsNist => options.Value.IsNist;

    private int MinLength => IsNist ? 15 : 12;

    /// <summary>The rules in one sentence, for whoever is about to choose.</summary>
    public string InWords =>
        IsNist
            ? Say("At least {0} characters; several words make a good one.", MinLength)
            : Say(
                "At least {0} characters with an upper-case letter, a lower-case letter, a digit and a special character.",
                MinLength
            );

    /// <summary>Every broken rule, in words that say what to do; empty when none is.</summary>
    /// <param name="typed">As it was typed; it is judged as it will be hashed, in form NFKC.</param>
    /// <param name="ownWords">What an attacker knows of the person: name, e-mail address.</param>
    public IReadOnlyList<string> Broken(string? typed, IEnumerable<string> ownWords)
    {
        if (string.IsNullOrEmpty(typed))
        {
            return [Say("Choose a password.")];
        }

        if (!PlainText.IsWellFormed(typed) || typed.Contains('\0', StringComparison.Ordinal))
        {
            return [Say("Use only characters that can be typed.")];
        }

        if (typed.Length > MaxCodeUnits)
        {
            return [Say("Use at most {0} characters.", MaxLength)];
        }

        var password = typed.Normalize(NormalizationForm.FormKC);
        List<string> broken = [.. BrokenLength(password)];
        if (!IsNist)
        {
            broken.AddRange(MissingKinds(password));
        }

        if (guess.IsEasy(password, ownWords))
        {
            broken.Add(
                Say(
                    "Choose something harder to guess: this is made of common passwords, names, patterns or words about you."
                )
            );
        }

        return broken;
    }

    // Counted as people count: an accented letter is one, and so is an emoji of several parts.
    private IEnumerable<string> BrokenLength(string password) =>
        new StringInfo(password).LengthInTextElements switch
        {
            var length when length < MinLength => [Say("Use at least {0} characters.", MinLength)],
            > MaxLength => [Say("Use at most {0} characters.", MaxLength)],
            _ => [],
        };

    private static IEnumerable<string> MissingKinds(string password)
    {
        var runes = password.EnumerateRunes().ToArray();
        if (!runes.Any(Rune.IsUpper))
        {
            yield return Say("Add an upper-case letter.");
        }

        if (!runes.Any(Rune.IsLower))
        {
            yield return Say("Add a lower-case letter.");
        }

        if (!runes.Any(Rune.IsDigit))
        {
            yield return Say("Add a digit.");
        }

        if (runes.All(Rune.IsLetterOrDigit))
        {
            yield return Say("Add a special character, such as a hyphen or a space.");
        }
    }
}
