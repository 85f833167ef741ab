using AuthServer.Accounts;
using AuthServer.Data;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Limits;

/// <summary>A server with the limits on failed sign-ins that it ships with, which counts its hashes and can hold them.</summary>
public class GuessServer : Server
{
    internal WatchedHasher Hasher { get; private set; } = null!;

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            new("RateLimits:SignInFailures:PermitLimit", "5"),
            new("RateLimits:SignInFailuresPerAccount:PermitLimit", "20"),
            new("RateLimits:SignInFailuresPerAddress:PermitLimit", "50"),
            // As many as may run at once, so that none waits for another.
            new("Passwords:HashConcurrency", "5"),
        ];

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureServices(services =>
            services.AddSingleton<IPasswordHasher<Account>>(provider =>
                Hasher = new WatchedHasher(ActivatorUtilities.CreateInstance<BcryptPasswordHasher>(provider))
            )
        );
    }
}

/// <summary>The real hasher, watched.</summary>
internal sealed class WatchedHasher(IPasswordHasher<Account> real) : IPasswordHasher<Account>, IDisposable
{
    private readonly SemaphoreSlim _begun = new(0);
    private readonly ManualResetEventSlim _mayGoOn = new(initialState: true);
    private int _compared;

    /// <summary>How many comparisons were begun.</summary>
    public int Compared => Volatile.Read(ref _compared);

    /// <summary>Lets nobody's comparison end until <see cref="Release"/>.</summary>
    public void Hold() => _mayGoOn.Reset();

    public void Release() => _mayGoOn.Set();

    /// <summary>Done when that many more comparisons have begun.</summary>
    public async Task BeganAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.True(await _begun.WaitAsync(TimeSpan.FromSeconds(60)), "No comparison begins.");
        }
    }

    public string HashPassword(Account user, string password) => real.HashPassword(user, password);

    public PasswordVerificationResult VerifyHashedPassword(
        Account user,
        string hashedPassword,
        string providedPassword
    )
    {
        Interlocked.Increment(ref _compared);
        _begun.Release();
        _mayGoOn.Wait();
        return real.VerifyHashedPassword(user, hashedPassword, providedPassword);
    }

    public void Dispose()
    {
        _mayGoOn.Set();
        _mayGoOn.Dispose();
        _begun.Dispose();
    }
}
