using System.Data.Common;
using System.Text;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AuthServer.Data.PostgreSql;

/// <summary>
/// Writes U+FFFD for what PostgreSQL takes in no text, NUL and halves of surrogate pairs: nobody outside may turn a
/// request into a fault. What is compared changes in the same way, and so never into another's.
/// </summary>
internal sealed class SoundText : DbCommandInterceptor
{
    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    )
    {
        Mend(command);
        return ValueTask.FromResult(result);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        Mend(command);
        return ValueTask.FromResult(result);
    }

    /// <summary>The text as PostgreSQL can hold it; the same text when it can.</summary>
    public static string Mended(string text)
    {
        if (!IsSuspicious(text))
        {
            return text;
        }

        var mended = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            mended.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        }

        return mended.ToString();
    }

    private static bool IsSuspicious(ReadOnlySpan<char> text) =>
        text.Contains('\0') || text.IndexOfAnyInRange('\uD800', '\uDFFF') >= 0;

    private static void Mend(DbCommand command)
    {
        foreach (DbParameter parameter in command.Parameters)
        {
            if (parameter.Value is string text && IsSuspicious(text))
            {
                parameter.Value = Mended(text);
            }
        }
    }
}
