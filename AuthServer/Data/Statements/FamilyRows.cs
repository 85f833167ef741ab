namespace AuthServer.Data.Statements;

/// <summary>How a family begins.</summary>
internal static class FamilyRows
{
    private static readonly string InsertWhenUsed = $"""
        INSERT INTO "OpenIddictAuthorizations" ("Id", "ApplicationId", "ConcurrencyToken", "CreationDate", "Scopes",
          "SessionId", "Status", "Subject", "Type")
        SELECT $1, $2, $3, $4, $5, $6, 'valid', $7, 'ad-hoc'
        {TokenUse.Guard(8)}
        """;

    /// <summary>Adds it; when something is used up for it, only if it was this very use that did.</summary>
    public static Statement Insert(NewFamily family, TokenUse? use) =>
        new(
            InsertWhenUsed,
            family.Id,
            family.ApplicationId,
            Guid.NewGuid().ToString(),
            family.CreatedAt,
            family.Scopes,
            family.SignIn.SessionId,
            family.SignIn.AccountId,
            use?.TokenId,
            use?.Mark
        );
}
