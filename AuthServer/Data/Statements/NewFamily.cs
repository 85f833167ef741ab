namespace AuthServer.Data.Statements;

/// <summary>A family that is about to begin, hung on the session that its authorization happened in.</summary>
/// <param name="ApplicationId">The row of the client.</param>
/// <param name="SignIn">Who granted it, and where.</param>
/// <param name="Scopes">What was granted, as JSON.</param>
/// <param name="CreatedAt">UTC; the absolute lifetime counts from here.</param>
internal sealed record NewFamily(string ApplicationId, SignIn SignIn, string Scopes, DateTime CreatedAt)
{
    public string Id { get; } = RowId.Next();
}
