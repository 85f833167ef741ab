using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Limits;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts.External;

/// <summary>Receives identities that a provider vouches for: sees how things stand, decides by the table, and does it.</summary>
internal sealed class Reception(
    AuthDb db,
    UserManager<Account> users,
    FederatedAccounts accounts,
    PendingIdentities pending,
    LetterBudget letters,
    FederationMail mail,
    AuditLog audit,
    TimeProvider clock
)
{
    private static readonly TimeSpan ShellGoesStale = TimeSpan.FromHours(24);

    /// <summary>What was decided, and done but for signing in. Whoever is not let in finds out on the next page, which is the same for all.</summary>
    public async Task<Received> ReceiveAsync(HttpContext http, Arrival arrival)
    {
        for (var isAgain = false; ; isAgain = true)
        {
            var scene = await LookAsync(arrival, http.RequestAborted);
            try
            {
                return await ActAsync(http, arrival, scene);
            }
            catch (DbUpdateException) when (!isAgain)
            {
                // Another request of the same person was faster, or somebody registered the address just now.
                db.ChangeTracker.Clear();
            }
        }
    }

    private async Task<Scene> LookAsync(Arrival arrival, CancellationToken cancellation)
    {
        var identity = arrival.Identity;
        var address = EmailAddress.TryParse(identity.Email, out var parsed) ? parsed : null;
        var holder = address is null ? null : await users.FindByEmailAsync(address.Text);
        // In this order: an account that another request makes of this identity just now has its link from the beginning.
        var linked = await users.FindByLoginAsync(identity.Issuer, identity.Subject);
        var circumstances = new Circumstances(
            LinkedOf(linked, arrival),
            address is null ? Holder.NoAddress : await HolderOfAsync(holder, cancellation),
            identity.EmailVerified,
            arrival.IsMailboxProven,
            IsConnecting: arrival.ConnectTo is not null
        );
        return new Scene(circumstances.Decide(), linked, address, holder);
    }

    private LinkedTo LinkedOf(Account? linked, Arrival arrival) =>
        linked is null ? LinkedTo.Nobody
        : linked.Id == arrival.ConnectTo ? LinkedTo.OwnAccount
        : IsClosed(linked) ? LinkedTo.ClosedAccount
        : LinkedTo.Account;

    private async Task<Holder> HolderOfAsync(Account? holder, CancellationToken cancellation)
    {
        if (holder is null or { EmailConfirmed: true })
        {
            return holder is null ? Holder.Nobody : Holder.ConfirmedAccount;
        }

        if (IsClosed(holder))
        {
            return Holder.ClosedShell;
        }

        // Where addresses need no confirmation a shell may have been lived in; such a one is nobody's to delete.
        var isOld = holder.CreatedAt + ShellGoesStale <= clock.GetUtcNow().UtcDateTime;
        return isOld && !await db.Sessions.AnyAsync(session => session.AccountId == holder.Id, cancellation)
            ? Holder.StaleShell
            : Holder.Shell;
    }

    private bool IsClosed(Account account) =>
        account.DisabledAt is not null || account.LockoutEnd > clock.GetUtcNow();

    private async Task<Received> ActAsync(HttpContext http, Arrival arrival, Scene scene)
    {
        var cancellation = http.RequestAborted;
        switch (scene.Verdict)
        {
            case Verdict.SignIn:
                await ShowAddressAsync(arrival.Identity, cancellation);
                return new Received(scene.Verdict, scene.Linked);
            case Verdict.Create or Verdict.CreateAfterStaleShell:
                var made = await accounts.CreateAsync(
                    arrival.Identity,
                    scene.Address!,
                    scene.Holder,
                    cancellation
                );
                return new Received(scene.Verdict, made);
            case Verdict.TakeOverShell:
                await accounts.TakeOverAsync(scene.Holder!, arrival.Identity, scene.Address!, cancellation);
                return new Received(scene.Verdict, scene.Holder);
            case Verdict.IsConnected:
                return new Received(scene.Verdict);
            default:
                await WaitAsync(http, arrival, scene);
                return new Received(scene.Verdict);
        }
    }

    // A row, a cookie and a record for each of them, so that the browser cannot tell one from another; the truth goes to
    // the mailbox.
    private async Task WaitAsync(HttpContext http, Arrival arrival, Scene scene)
    {
        await using var transaction = await db.BeginAsync(Turn.People, http.RequestAborted);
        var token = await pending.KeepAsync(
            http,
            arrival.Identity,
            scene.Verdict switch
            {
                Verdict.AskToConnect => arrival.ConnectTo,
                Verdict.AskForAccount => scene.Holder!.Id,
                _ => null,
            },
            isForMail: scene.Verdict == Verdict.AskForMailbox,
            arrival.ReturnUrl
        );
        if (scene.Verdict != Verdict.AskToConnect)
        {
            audit.Record(
                AuditEvent.FederationLinkRefused,
                succeeded: false,
                (scene.Linked ?? scene.Holder)?.Id,
                reason: scene.ReasonToWait
            );
            if (
                scene is { Address: { } address, Linked: null }
                && await letters.TryTakeAsync(
                    http.Connection.RemoteIpAddress,
                    address.Canonical,
                    "federation"
                )
            )
            {
                Write(address, scene, token);
            }
        }

        await db.SaveChangesAsync(http.RequestAborted);
        await transaction.CommitAsync(http.RequestAborted);
    }

    private void Write(EmailAddress address, Scene scene, string token)
    {
        if (scene.Verdict == Verdict.AskForMailbox)
        {
            mail.ProveMailbox(address, token);
        }
        else if (scene.Holder is { } holder)
        {
            mail.LoginNotConnected(holder);
        }
    }

    private Task<int> ShowAddressAsync(ExternalIdentity identity, CancellationToken cancellation) =>
        db
            .UserLogins.Where(login =>
                login.LoginProvider == identity.Issuer && login.ProviderKey == identity.Subject
            )
            .Where(login => login.ProviderDisplayName != identity.Email)
            .ExecuteUpdateAsync(
                set => set.SetProperty(login => login.ProviderDisplayName, identity.Email),
                cancellation
            );

    private sealed record Scene(Verdict Verdict, Account? Linked, EmailAddress? Address, Account? Holder)
    {
        public string ReasonToWait =>
            Verdict switch
            {
                Verdict.AskForAccount => "the address has an account, which must be proved",
                Verdict.AskForMailbox => "the mailbox must be proved",
                _ when Linked is not null => "the linked account is closed, or another's",
                _ => "the provider has not verified the address, or there is none",
            };
    }
}

/// <summary>Somebody who comes back from a provider.</summary>
/// <param name="Identity">Whom it vouches for.</param>
/// <param name="ReturnUrl">The local address at which the browser goes on.</param>
/// <param name="ConnectTo">The account, signed in here, that asked for another login; null for a sign-in.</param>
/// <param name="IsMailboxProven">Whether a letter of ours has proved the address.</param>
internal sealed record Arrival(
    ExternalIdentity Identity,
    string? ReturnUrl,
    string? ConnectTo = null,
    bool IsMailboxProven = false
);

/// <summary>What became of an arrival.</summary>
/// <param name="Verdict">What was decided.</param>
/// <param name="Account">Who is to be let in; null when nobody is.</param>
internal sealed record Received(Verdict Verdict, Account? Account = null);
