namespace AuthServer.Accounts;

/// <summary>The section <c>Accounts</c>.</summary>
internal sealed class AccountsOptions
{
    /// <summary>Nobody signs in before having opened the letter that was sent to their address.</summary>
    public bool RequireConfirmedEmail { get; set; } = true;
}
