using AuthServer.Accounts;
using AuthServer.Data;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Accounts;

/// <summary>Puts people into a server's database as its operator could.</summary>
internal static class AccountsOfServer
{
    /// <summary>A confirmed account with the usual password, changed as the test needs it; one that exists is changed.</summary>
    public static async Task<Account> AddAccountAsync(
        this Server server,
        string email,
        Action<Account>? change = null
    )
    {
        Assert.True(EmailAddress.TryParse(email, out var address));
        await using var scope = server.Services.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<Registration>()
            .AddConfirmedAsync(
                new NewAccount(email, "Correct-Horse-7-Battery", "Ada Lovelace"),
                address,
                CancellationToken.None
            );

        var db = scope.ServiceProvider.GetRequiredService<AuthDb>();
        var account = await db.Users.SingleAsync(user => user.NormalizedEmail == address.Canonical);
        change?.Invoke(account);
        await db.SaveChangesAsync();
        return account;
    }

    /// <summary>The account that has the address.</summary>
    public static Task<Account> FindAccountAsync(this Server server, string email)
    {
        Assert.True(EmailAddress.TryParse(email, out var address));
        return server.WithDbAsync(db =>
            db.Users.AsNoTracking().SingleAsync(user => user.NormalizedEmail == address.Canonical)
        );
    }
}
