using System.Net;
using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Edge;
using AuthServer.Language;
using AuthServer.Limits;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts;

/// <summary>
/// Makes accounts. To whoever asks, an address that is known looks like one that is new: same checks, same hash,
/// same answer. The truth goes to the mailbox.
/// </summary>
internal sealed class Registration(
    AccountRules rules,
    UserManager<Account> users,
    IPasswordHasher<Account> hasher,
    HashGate gate,
    AuthDb db,
    AuditLog audit,
    AccountMail mail,
    LetterBudget letters,
    TimeProvider clock
)
{
    /// <summary>Registers a person, or writes to the owner of the address, unless their mailbox has had enough letters.</summary>
    public async Task<RegistrationResult> RegisterAsync(
        NewAccount person,
        IPAddress? from,
        CancellationToken cancellation
    )
    {
        var errors = rules.Broken(person);
        if (errors.Count > 0 || !EmailAddress.TryParse(person.Email, out var address))
        {
            return new RegistrationResult("", errors);
        }

        var account = Prepare(person, address);
        account.Language = Languages.Current;
        var isHashed = await gate.TryRunAsync(
            Lane.Other,
            () => account.PasswordHash = hasher.HashPassword(account, person.Password!),
            cancellation
        );
        if (!isHashed)
        {
            return new RegistrationResult("", errors, HashGate.Busy);
        }

        // Taken in every case: a letter that costs only some of them would tell which.
        var mayWrite = await letters.TryTakeAsync(from, address.Canonical, "registration");
        await EvenTime.RunAsync(() => AddOrTellAsync(account, address, mayWrite, cancellation), cancellation);

        // For a known address this id is nobody's.
        return new RegistrationResult(account.Id, errors);
    }

    /// <summary>Makes an account whose address is vouched for by the configuration; false when it exists already.</summary>
    /// <remarks>The person breaks no rule, and the address is theirs, parsed.</remarks>
    public async Task<bool> AddConfirmedAsync(
        NewAccount person,
        EmailAddress address,
        CancellationToken cancellation
    )
    {
        if (await FindAsync(address) is not null)
        {
            return false;
        }

        var account = Prepare(person, address);
        // Past the gate: at the start nobody else asks yet.
        account.PasswordHash = hasher.HashPassword(account, person.Password!);
        account.EmailConfirmed = true;
        return await TryAddAsync(account, mayWrite: false, cancellation);
    }

    private async Task AddOrTellAsync(
        Account account,
        EmailAddress address,
        bool mayWrite,
        CancellationToken cancellation
    )
    {
        var added = await FindAsync(address) is null && await TryAddAsync(account, mayWrite, cancellation);
        if (!added && await FindAsync(address) is { } owner)
        {
            // A row here as there, so that the record does not give the difference away.
            audit.Record(AuditEvent.UserRegistered, false, owner.Id, reason: "the address has an account");
            if (mayWrite)
            {
                WriteTo(owner);
            }

            await db.SaveChangesAsync(cancellation);
        }
    }

    // Who has never confirmed may have lost the letter. It needs the password of then: whoever registered an address that
    // is not theirs gets nothing from its owner's click.
    private void WriteTo(Account owner)
    {
        if (owner.EmailConfirmed)
        {
            mail.AddressIsTaken(owner);
        }
        else
        {
            mail.ConfirmAddress(owner);
        }
    }

    private Task<Account?> FindAsync(EmailAddress address) => users.FindByEmailAsync(address.Text);

    private Account Prepare(NewAccount person, EmailAddress address) =>
        new()
        {
            UserName = address.Text,
            NormalizedUserName = address.Canonical,
            Email = address.Text,
            NormalizedEmail = address.Canonical,
            Name = PersonName.Clean(person.Name!),
            SecurityStamp = Guid.NewGuid().ToString("N"),
            LockoutEnabled = true,
            CreatedAt = clock.GetUtcNow().UtcDateTime,
        };

    // The unique index decides between two who ask for one address at the same time. The account and the letter that
    // lets its owner in are saved together. Without one (there were too many), registering again sends it.
    private async Task<bool> TryAddAsync(Account account, bool mayWrite, CancellationToken cancellation)
    {
        audit.Record(AuditEvent.UserRegistered, accountId: account.Id);
        db.Users.Add(account);
        if (mayWrite)
        {
            mail.ConfirmAddress(account);
        }

        try
        {
            await db.SaveChangesAsync(cancellation);
            return true;
        }
        catch (DbUpdateException)
        {
            db.ChangeTracker.Clear();
            if (await users.FindByEmailAsync(account.Email!) is null)
            {
                throw;
            }

            return false;
        }
    }
}

/// <summary>The answer to a registration.</summary>
/// <param name="UserId">The id to tell; empty when a rule is broken.</param>
/// <param name="Errors">Every broken rule by field.</param>
/// <param name="Refusal">Why nothing was done although no rule is broken: too much to do (503); else null.</param>
internal sealed record RegistrationResult(
    string UserId,
    IReadOnlyDictionary<string, string[]> Errors,
    Refusal? Refusal = null
);
