using System.Data.Common;

namespace AuthServer.Data.Statements;

/// <summary>What the token path asks and says of the rows of tokens.</summary>
internal static class TokenRows
{
    // A family counts while it is valid, its session has not ended, and its account is enabled with an unmoved stamp.
    private const string Owner = """
        f."CreationDate", s."Id", s."SecurityStamp", s."AuthenticatedAt", s."ExpiresAt", s."Amr",
          a."Id", a."Name", a."Email", a."EmailConfirmed", a."LockoutEnd"
        """;

    private const string WithOwner = """
        LEFT JOIN "OpenIddictAuthorizations" f ON f."Id" = t."AuthorizationId" AND f."Status" = 'valid'
        LEFT JOIN "Sessions" s ON s."Id" = f."SessionId" AND s."EndedAt" IS NULL
        LEFT JOIN "AspNetUsers" a
          ON a."Id" = s."AccountId" AND a."DisabledAt" IS NULL AND a."SecurityStamp" = s."SecurityStamp"
        """;

    private const string Select = $"""
        SELECT t."Id", t."AuthorizationId", t."CreationDate", t."ExpirationDate", t."Payload", t."RedemptionDate",
          t."ReferenceId", t."Status", t."Type", {Owner}
        FROM "OpenIddictTokens" t
        {WithOwner}
        """;

    private const string SelectByReference = $"""{Select} WHERE t."ReferenceId" = $1""";
    private const string SelectById = $"""{Select} WHERE t."Id" = $1""";

    private const string SelectOfAccessToken = $"""
        SELECT t."Id", t."AuthorizationId", NULL, NULL, NULL, NULL, NULL, COALESCE(r."Status", 'valid'),
          'urn:ietf:params:oauth:token-type:access_token', {Owner}
        FROM (SELECT $1 AS "Id", $2 AS "AuthorizationId") t
        LEFT JOIN "OpenIddictTokens" r ON r."Id" = t."Id"
        {WithOwner}
        """;

    // One that an earlier version gave has a row already.
    private const string SetRevoked = """
        INSERT INTO "OpenIddictTokens" ("Id", "ApplicationId", "AuthorizationId", "ConcurrencyToken", "CreationDate",
          "ExpirationDate", "Status", "Subject", "Type")
        VALUES ($1, $2, $3, $4, $5, $6, 'revoked', $7, $8)
        ON CONFLICT ("Id") DO UPDATE SET "Status" = 'revoked', "ConcurrencyToken" = $4
          WHERE "OpenIddictTokens"."Status" <> 'revoked'
        """;

    // The one statement that decides a race: whoever turns 'valid' into 'redeemed' has used the token. PostgreSQL asks
    // both conditions again of a row that it waited for; a family that ends meanwhile gives nothing any more.
    private const string SetUsed = """
        UPDATE "OpenIddictTokens" SET "Status" = 'redeemed', "RedemptionDate" = {now},
          "ExpirationDate" = COALESCE($4, "ExpirationDate"), "ConcurrencyToken" = $2
        WHERE "Id" = $1 AND "Status" = 'valid'
          AND ("AuthorizationId" IS NULL OR EXISTS (
            SELECT 1 FROM "OpenIddictAuthorizations" f
            WHERE f."Id" = "OpenIddictTokens"."AuthorizationId" AND f."Status" = 'valid' {hold}))
        """;

    private static readonly string InsertWhenUsed = $"""
        INSERT INTO "OpenIddictTokens" ("Id", "ApplicationId", "AuthorizationId", "ConcurrencyToken", "CreationDate",
          "ExpirationDate", "Payload", "ReferenceId", "Status", "Subject", "Type")
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, 'valid', $9, $10
        {TokenUse.Guard(11)}
        """;

    /// <summary>The token of this value, which is kept as a hash.</summary>
    public static Statement ByReference(string referenceId) => new(SelectByReference, referenceId);

    public static Statement ById(string id) => new(SelectById, id);

    /// <summary>What is known of an access token that says that it belongs to this family; always one row.</summary>
    public static Statement OfAccessToken(string id, string? familyId) =>
        new(SelectOfAccessToken, id, familyId);

    /// <summary>Remembers until its end that an access token is good no more; changes nothing when it was not before.</summary>
    public static Statement Revoke(NewToken token, TokenUse use) =>
        new(
            SetRevoked,
            token.Id,
            token.ApplicationId,
            token.FamilyId,
            use.Mark,
            token.CreatedAt,
            token.ExpiresAt,
            token.Subject,
            token.Type
        );

    /// <summary>Takes a row of any of these questions.</summary>
    public static PresentedToken Read(DbDataReader row) =>
        new()
        {
            Id = row.GetString(0),
            FamilyId = row.Text(1),
            CreatedAt = row.Instant(2),
            ExpiresAt = row.Instant(3),
            Payload = row.Text(4),
            RedeemedAt = row.Instant(5),
            ReferenceId = row.Text(6),
            Status = row.Text(7),
            Type = row.GetString(8),
            Owner = row.IsDBNull(15) ? null : ReadOwner(row),
        };

    /// <summary>Uses up a token that may be used once, and marks that it was this <paramref name="use"/>.</summary>
    public static Statement Use(TokenUse use, DateTime now, IStatements database) =>
        new(
            SetUsed
                .Replace("{now}", database.Clock("$3"), StringComparison.Ordinal)
                .Replace("{hold}", database.Hold, StringComparison.Ordinal),
            use.TokenId,
            use.Mark,
            now,
            use.KeepUntil
        );

    /// <summary>Adds it; when something is used up for it, only if it was this very use that did.</summary>
    public static Statement Insert(NewToken token, TokenUse? use) =>
        new(
            InsertWhenUsed,
            token.Id,
            token.ApplicationId,
            token.FamilyId,
            Guid.NewGuid().ToString(),
            token.CreatedAt,
            token.ExpiresAt,
            token.Payload,
            token.ReferenceId,
            token.Subject,
            token.Type,
            use?.TokenId,
            use?.Mark
        );

    private static FamilyOwner ReadOwner(DbDataReader row)
    {
        var account = new Account
        {
            Id = row.GetString(15),
            Name = row.GetString(16),
            Email = row.Text(17),
            EmailConfirmed = row.GetBoolean(18),
            LockoutEnd = row.IsDBNull(19) ? null : row.GetFieldValue<DateTimeOffset>(19),
        };
        var session = new Session
        {
            Id = row.GetString(10),
            AccountId = account.Id,
            SecurityStamp = row.GetString(11),
            AuthenticatedAt = row.Utc(12),
            ExpiresAt = row.Utc(13),
            Amr = row.GetString(14),
        };
        return new FamilyOwner(account, session, row.Utc(9));
    }
}
