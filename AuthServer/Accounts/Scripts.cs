using System.Text;

namespace AuthServer.Accounts;

/// <summary>
/// Tells words that borrow letters from another alphabet in order to look like somebody else's: one word has letters of
/// one of the alphabets that look alike.
/// </summary>
internal static class Scripts
{
    // Of the Unicode blocks. The others share no shapes with Latin, and some are rightly mixed with it.
    private static readonly (int First, int Last, char Script)[] LookAlikes =
    [
        (0x0041, 0x007A, 'L'),
        (0x00C0, 0x02AF, 'L'),
        (0x0370, 0x03FF, 'G'),
        (0x0400, 0x052F, 'C'),
        (0x0530, 0x058F, 'A'),
        (0x13A0, 0x13FF, 'H'),
        (0x1C80, 0x1C8F, 'C'),
        (0x1D00, 0x1DBF, 'L'),
        (0x1E00, 0x1EFF, 'L'),
        (0x1F00, 0x1FFF, 'G'),
        (0x2C60, 0x2C7F, 'L'),
        (0x2C80, 0x2CFF, 'G'),
        (0x2DE0, 0x2DFF, 'C'),
        (0xA640, 0xA69F, 'C'),
        (0xA720, 0xA7FF, 'L'),
        (0xAB70, 0xABBF, 'H'),
    ];

    public static bool AreMixed(string word)
    {
        var found = '\0';
        foreach (var rune in word.EnumerateRunes().Where(Rune.IsLetter))
        {
            var script = Array
                .Find(LookAlikes, block => rune.Value >= block.First && rune.Value <= block.Last)
                .Script;
            if (script != '\0' && found != '\0' && script != found)
            {
                return true;
            }

            found = script == '\0' ? found : script;
        }

        return false;
    }
}
