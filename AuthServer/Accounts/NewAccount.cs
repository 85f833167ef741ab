namespace AuthServer.Accounts;

/// <summary>What somebody tells us to get an account: by page, by API, or in the configuration. Not checked yet.</summary>
internal sealed record NewAccount(string? Email = null, string? Password = null, string? Name = null);
