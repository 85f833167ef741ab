namespace AuthServer.Data.Statements;

/// <summary>How a family begins.</summary>
internal static class FamilyRows
{
    private const string InsertOne = """
        INSERT INTO "OpenIddictAuthorizations" ("Id", "ApplicationId", "ConcurrencyToken", "CreationDate", "Scopes",
          "SessionId", "Status", "Subject", "Type")
        VALUES ($1, $2, $3, $4, $5, $6, 'valid', $7, 'ad-hoc')
        """;

    public static Statement Insert(
        string id,
        string applicationId,
        DateTime createdAt,
        string scopes,
        SignIn signIn
    ) =>
        new(
            InsertOne,
            id,
            applicationId,
            Guid.NewGuid().ToString(),
            createdAt,
            scopes,
            signIn.SessionId,
            signIn.AccountId
        );
}
