using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace AuthServer.Accounts;

/// <summary>
/// An e-mail address that letters can be sent to. Narrower than RFC 5322 on purpose: no quotes, comments or
/// address literals, which nobody's mailbox needs and which parsers read differently.
/// </summary>
/// <param name="Text">As it was typed, in Unicode's form NFKC.</param>
/// <param name="Canonical">What makes it one address: upper case, the domain in ASCII. Parses to itself.</param>
internal sealed record EmailAddress(string Text, string Canonical)
{
    /// <summary>Characters, of both forms.</summary>
    public const int MaxLength = 255;

    private const int MaxLocalLength = 64;
    private const int MaxDomainLength = 253;
    private const int MaxLabelLength = 63;

    private static readonly IdnMapping Idn = new();

    public static bool TryParse(
        [NotNullWhen(true)] string? typed,
        [NotNullWhen(true)] out EmailAddress? address
    )
    {
        address = null;
        var trimmed = typed?.Trim();
        // The '@' is counted as typed: a look-alike that NFKC turns into one splits nothing.
        if (
            string.IsNullOrEmpty(trimmed)
            || trimmed.Length > MaxLength
            || trimmed.AsSpan().Count('@') != 1
            || !PlainText.IsWellFormed(trimmed)
        )
        {
            return false;
        }

        var text = trimmed.Normalize(NormalizationForm.FormKC);
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (
            text.AsSpan().Count('@') != 1
            || !IsLocalPart(text[..at])
            || AsciiDomain(text[(at + 1)..]) is not { } domain
        )
        {
            return false;
        }

        var canonical = $"{text[..at]}@{domain}".ToUpperInvariant().Normalize(NormalizationForm.FormKC);
        if (text.Length > MaxLength || canonical.Length > MaxLength)
        {
            return false;
        }

        address = new EmailAddress(text, canonical);
        return true;
    }

    private static bool IsLocalPart(string local) =>
        local.Length is > 0 and <= MaxLocalLength
        && local[0] != '.'
        && local[^1] != '.'
        && !local.Contains("..", StringComparison.Ordinal)
        && local.EnumerateRunes().All(IsLocalCharacter)
        && !Scripts.AreMixed(local);

    private static bool IsLocalCharacter(Rune rune) =>
        Rune.IsLetterOrDigit(rune)
        || PlainText.IsMark(rune)
        || (rune.IsAscii && "!#$%&'*+-/=?^_`{|}~.".Contains((char)rune.Value, StringComparison.Ordinal));

    private static string? AsciiDomain(string domain)
    {
        if (domain.Length == 0 || domain.EnumerateRunes().Any(PlainText.IsInvisible))
        {
            return null;
        }

        string ascii;
        string unicode;
        try
        {
            ascii = Idn.GetAscii(domain);
            // However it was typed: the 'xn--' form hides its letters.
            unicode = Idn.GetUnicode(ascii);
        }
        catch (ArgumentException)
        {
            return null;
        }

        var labels = ascii.Split('.');
        return
            ascii.Length <= MaxDomainLength
            && labels.Length > 1
            && labels.All(IsLabel)
            && !labels[^1].All(char.IsAsciiDigit)
            && !unicode.Split('.').Any(Scripts.AreMixed)
            ? ascii
            : null;
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabelLength
        && label[0] != '-'
        && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
