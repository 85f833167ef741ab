using System.Globalization;
using System.Text;

namespace AuthServer.Accounts;

/// <summary>What holds for every text that a person types, before it means anything.</summary>
internal static class PlainText
{
    /// <summary>Whether Unicode can normalise it: no half of a surrogate pair, and not the reversed byte order mark.</summary>
    public static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; )
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune) || rune.Value == 0xFFFE)
            {
                return false;
            }

            i += rune.Utf16SequenceLength;
        }

        return true;
    }

    /// <summary>Whether it shows nothing of its own, or changes how its neighbours show: control, bidirectional, zero width.</summary>
    public static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned;

    public static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark;
}
