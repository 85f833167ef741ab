namespace AuthServer.Accounts.External;

/// <summary>What is done with somebody whom a provider vouches for.</summary>
internal enum Verdict
{
    /// <summary>The account that the identity is linked to.</summary>
    SignIn,

    /// <summary>A new account, its address confirmed, linked and without a password.</summary>
    Create,

    /// <summary>The same, after the abandoned registration that holds the address is gone.</summary>
    CreateAfterStaleShell,

    /// <summary>The registration that holds the address is emptied of whatever its maker left in it, then linked.</summary>
    TakeOverShell,

    /// <summary>Nothing yet: the account that has the address must be signed in to, and say so itself.</summary>
    AskForAccount,

    /// <summary>Nothing yet: a letter of ours must prove the mailbox.</summary>
    AskForMailbox,

    /// <summary>Nothing yet: the person, signed in here already, says on a page that this login is to be theirs.</summary>
    AskToConnect,

    /// <summary>Nothing: it is theirs already.</summary>
    IsConnected,

    /// <summary>Nothing, and the same page as for whoever is asked for something.</summary>
    Refuse,
}

/// <summary>To whom an identity is linked.</summary>
internal enum LinkedTo
{
    Nobody,
    Account,

    /// <summary>Disabled or locked.</summary>
    ClosedAccount,

    /// <summary>The account that is signed in here and connects another login.</summary>
    OwnAccount,
}

/// <summary>Who holds the e-mail address here.</summary>
internal enum Holder
{
    /// <summary>There is no address, or none that could be an account's.</summary>
    NoAddress,
    Nobody,
    ConfirmedAccount,

    /// <summary>Registered, never confirmed: by its owner, or by somebody who lies in wait for them.</summary>
    Shell,

    /// <summary>A shell that nobody has confirmed or used in a day.</summary>
    StaleShell,
    ClosedShell,
}

/// <summary>All that the decision depends on.</summary>
/// <param name="Linked">To whom (issuer, subject) is linked.</param>
/// <param name="Holder">Who holds the address here.</param>
/// <param name="IsVerified">Whether the provider has proved the address: JSON <c>true</c>.</param>
/// <param name="IsMailboxProven">Whether a letter of ours has.</param>
/// <param name="IsConnecting">Whether the person is signed in here and asked to connect this login.</param>
internal sealed record Circumstances(
    LinkedTo Linked,
    Holder Holder,
    bool IsVerified,
    bool IsMailboxProven = false,
    bool IsConnecting = false
)
{
    /// <summary>
    /// The table. The link decides first; then whether the provider has proved the address, without which nobody's
    /// account is touched; then who holds the address.
    /// </summary>
    public Verdict Decide() =>
        this switch
        {
            { Linked: LinkedTo.OwnAccount } => Verdict.IsConnected,
            { Linked: not LinkedTo.Nobody, IsConnecting: true } => Verdict.Refuse,
            { Linked: LinkedTo.Account } => Verdict.SignIn,
            { Linked: LinkedTo.ClosedAccount } => Verdict.Refuse,
            { IsConnecting: true } => IsVerified ? Verdict.AskToConnect : Verdict.Refuse,

            { Holder: Holder.NoAddress } => Verdict.Refuse,
            { Holder: Holder.Nobody } => IsVerified || IsMailboxProven
                ? Verdict.Create
                : Verdict.AskForMailbox,

            // From here on the address is somebody's.
            { IsVerified: false } => Verdict.Refuse,
            { Holder: Holder.ConfirmedAccount } => Verdict.AskForAccount,
            { Holder: Holder.ClosedShell } => Verdict.Refuse,
            { IsMailboxProven: true } => Verdict.TakeOverShell,
            { Holder: Holder.StaleShell } => Verdict.CreateAfterStaleShell,
            _ => Verdict.AskForMailbox,
        };
}
