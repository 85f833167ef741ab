using System.Globalization;

namespace AuthServer.Data.Statements;

/// <summary>The using up of a token that may be used once.</summary>
/// <param name="TokenId">Its row.</param>
/// <param name="KeepUntil">UTC; until then its use is remembered, to know a replay by. Null for its own time.</param>
internal sealed record TokenUse(string TokenId, DateTime? KeepUntil)
{
    /// <summary>Tells this use from every other, in the row.</summary>
    public string Mark { get; } = Guid.NewGuid().ToString();

    /// <summary>The condition of a statement that is part of a use, whose values at <paramref name="at"/> are the token and the mark.</summary>
    public static string Guard(int at) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            WHERE ${at} IS NULL OR EXISTS (
              SELECT 1 FROM "OpenIddictTokens" used WHERE used."Id" = ${at} AND used."ConcurrencyToken" = ${at
                + 1})
            """
        );
}
