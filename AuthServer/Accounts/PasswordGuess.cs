namespace AuthServer.Accounts;

/// <summary>
/// Judges how soon somebody who knows the common passwords, and the person, would guess a password. The dictionaries
/// and the estimate are zxcvbn's.
/// </summary>
internal sealed class PasswordGuess
{
    // zxcvbn's "safely unguessable".
    private const int HardEnough = 3;

    // The estimate grows with the square of the length and faster; what begins with 64 good characters is good.
    private const int Judged = 64;

    private const int ShortestWord = 3;

    private static readonly string[] ProductWords = ["authserver", "password", "login", "account"];

    // Holds its dictionaries, and nothing of what it has judged.
    private readonly Zxcvbn.Zxcvbn _zxcvbn = new();

    /// <summary>Whether fewer than about 10^10 guesses would find it.</summary>
    /// <param name="password">Of any length.</param>
    /// <param name="ownWords">Texts about the person; each is taken apart into its words.</param>
    public bool IsEasy(string password, IEnumerable<string> ownWords)
    {
        var judged = Repeated(password.Length > Judged ? password[..Judged] : password);
        string[] words =
        [
            .. ProductWords,
            .. ownWords.SelectMany(Words).Distinct(StringComparer.OrdinalIgnoreCase),
        ];
        return _zxcvbn.EvaluatePassword(judged, words).Score < HardEnough;
    }

    // 'Aa1!Aa1!Aa1!' is no harder than 'Aa1!', which zxcvbn does not see.
    private static string Repeated(string text)
    {
        for (var length = 1; length <= text.Length / 2; length++)
        {
            if (text.AsSpan(length).SequenceEqual(text.AsSpan(0, text.Length - length)))
            {
                return text[..length];
            }
        }

        return text;
    }

    private static IEnumerable<string> Words(string text)
    {
        for (int start = 0, end = 0; end <= text.Length; end++)
        {
            if (end < text.Length && char.IsLetterOrDigit(text[end]))
            {
                continue;
            }

            if (end - start >= ShortestWord)
            {
                yield return text[start..end];
            }

            start = end + 1;
        }
    }
}
