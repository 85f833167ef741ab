using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;

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
            ? $"At least {MinLength} characters; several words make a good one."
            : $"At least {MinLength} characters with an upper-case letter, a lower-case letter, a digit and a special character.";

    /// <summary>Every broken rule, in words that say what to do; empty when none is.</summary>
    /// <param name="typed">As it was typed; it is judged as it will be hashed, in form NFKC.</param>
    /// <param name="ownWords">What an attacker knows of the person: name, e-mail address.</param>
    public IReadOnlyList<string> Broken(string? typed, IEnumerable<string> ownWords)
    {
        if (string.IsNullOrEmpty(typed))
        {
            return ["Choose a password."];
        }

        if (!PlainText.IsWellFormed(typed) || typed.Contains('\0', StringComparison.Ordinal))
        {
            return ["Use only characters that can be typed."];
        }

        if (typed.Length > MaxCodeUnits)
        {
            return [$"Use at most {MaxLength} characters."];
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
                "Choose something harder to guess: this is made of common passwords, names, patterns or words about you."
            );
        }

        return broken;
    }

    // Counted as people count: an accented letter is one, and so is an emoji of several parts.
    private IEnumerable<string> BrokenLength(string password) =>
        new StringInfo(password).LengthInTextElements switch
        {
            var length when length < MinLength => [$"Use at least {MinLength} characters."],
            > MaxLength => [$"Use at most {MaxLength} characters."],
            _ => [],
        };

    private static IEnumerable<string> MissingKinds(string password)
    {
        var runes = password.EnumerateRunes().ToArray();
        if (!runes.Any(Rune.IsUpper))
        {
            yield return "Add an upper-case letter.";
        }

        if (!runes.Any(Rune.IsLower))
        {
            yield return "Add a lower-case letter.";
        }

        if (!runes.Any(Rune.IsDigit))
        {
            yield return "Add a digit.";
        }

        if (runes.All(Rune.IsLetterOrDigit))
        {
            yield return "Add a special character, such as a hyphen or a space.";
        }
    }
}
