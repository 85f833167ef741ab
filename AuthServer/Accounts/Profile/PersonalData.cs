using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;

namespace AuthServer.Accounts.Profile;

/// <summary>What we know of a person, gathered for them or wiped out: both walk the same tables.</summary>
internal sealed class PersonalData(AuthDb db, AuditLog audit, AccountMail mail)
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    /// <summary>As JSON in UTF-8, without secrets; null when there is no such account.</summary>
    public async Task<byte[]?> GatherAsync(string accountId, CancellationToken cancellation)
    {
        var account = await db
            .Users.Where(user => user.Id == accountId)
            .Select(user => new
            {
                user.Id,
                user.Email,
                user.EmailConfirmed,
                user.Name,
                user.Language,
                user.CreatedAt,
                HasPassword = user.PasswordHash != null,
            })
            .SingleOrDefaultAsync(cancellation);
        if (account is null)
        {
            return null;
        }

        audit.Record(AuditEvent.UserExported, accountId: accountId);
        await db.SaveChangesAsync(cancellation);
        return JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                Account = account,
                LinkedLogins = await db
                    .UserLogins.Where(login => login.UserId == accountId)
                    .Select(login => new
                    {
                        Issuer = login.LoginProvider,
                        Subject = login.ProviderKey,
                        Email = login.ProviderDisplayName,
                    })
                    .ToListAsync(cancellation),
                Sessions = await db
                    .Sessions.Where(session => session.AccountId == accountId)
                    .OrderBy(session => session.AuthenticatedAt)
                    .Select(session => new
                    {
                        session.AuthenticatedAt,
                        session.LastSeenAt,
                        session.EndedAt,
                        session.Address,
                        session.UserAgent,
                    })
                    .ToListAsync(cancellation),
                Applications = await db
                    .Authorizations.Where(given => given.Subject == accountId)
                    .OrderBy(given => given.CreationDate)
                    .Select(given => new
                    {
                        given.Application!.ClientId,
                        given.Scopes,
                        given.CreationDate,
                        IsLive = given.Status == OpenIddictConstants.Statuses.Valid,
                    })
                    .ToListAsync(cancellation),
                Events = await db
                    .Audit.Where(row => row.AccountId == accountId)
                    .OrderBy(row => row.Id)
                    .Select(row => new
                    {
                        row.At,
                        row.Event,
                        row.Succeeded,
                        row.ClientId,
                        row.Address,
                        row.Reason,
                    })
                    .ToListAsync(cancellation),
            },
            Readable
        );
    }

    /// <summary>
    /// Deletes the account with all that hangs on it, in one transaction. Of the trail only the personal fields go: what
    /// happened stays, and so does its seal. The id is never given to anybody else (C-30). False when it was gone already.
    /// </summary>
    public async Task<bool> DeleteAsync(string accountId, CancellationToken cancellation)
    {
        db.ChangeTracker.Clear();
        var isDeleted = false;
        await db.ExclusivelyAsync(
            Turn.People,
            async token =>
            {
                if (
                    await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == accountId, token)
                    is not { } account
                )
                {
                    return;
                }

                mail.AccountDeleted(account);
                audit.Record(AuditEvent.UserDeleted, accountId: accountId);
                await db.SaveChangesAsync(token);
                // First of all nothing is given any more: whoever is using a token just now is waited for.
                await db
                    .Authorizations.Where(row => row.Subject == accountId)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(row => row.Status, OpenIddictConstants.Statuses.Revoked),
                        token
                    );
                var families = db.Authorizations.Where(row => row.Subject == accountId).Select(row => row.Id);
                await db
                    .Tokens.Where(row => families.Contains(row.Authorization!.Id))
                    .ExecuteDeleteAsync(token);
                await db.Authorizations.Where(row => row.Subject == accountId).ExecuteDeleteAsync(token);
                await db.Users.Where(user => user.Id == accountId).ExecuteDeleteAsync(token);
                await db
                    .Audit.Where(row => row.AccountId == accountId)
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(row => row.Address, (string?)null)
                                .SetProperty(row => row.NameHash, (string?)null)
                                .SetProperty(row => row.Salt, (byte[]?)null),
                        token
                    );
                isDeleted = true;
            },
            cancellation
        );
        return isDeleted;
    }
}
