using AuthServer.Tests.Support;

namespace AuthServer.Tests.Data;

/// <summary>A name that nobody reads does nothing, so it stops the start: whichever section, file or variable.</summary>
public sealed class StrictSectionTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Accounts:RequireConfirmEmail", "RequireConfirmedEmail")]
    [InlineData("Cors:AllowedOrigin", "AllowedOrigins")]
    [InlineData("Data:ConectionString", "ConnectionString")]
    [InlineData("Hsts:PreloadsFor", "PreloadFor")]
    [InlineData("Keys:RotationPeriode", "RotationPeriod")]
    [InlineData("Mail:Hots", "Host")]
    [InlineData("Passwords:BcryptCosts", "BcryptCost")]
    [InlineData("Proxies:Knwon", "Known")]
    [InlineData("RateLimits:Globel", "Global")]
    [InlineData("RateLimits:Global:PermitLimits", "PermitLimit")]
    [InlineData("Redis:ConectionString", "ConnectionString")]
    [InlineData("Sessions:IdleTimeOuts", "IdleTimeout")]
    [InlineData("Tokens:AccesTokenLifetime", "AccessTokenLifetime")]
    [InlineData("Clients:0:Scope", "Scopes")]
    [InlineData("Users:0:Emial", "Email")]
    public async Task A_misspelt_name_is_refused_with_the_one_that_was_meant(string key, string meant)
    {
        Assert.Contains(
            $"{key} is not a known setting (did you mean '{meant}'?): there are ",
            await RefusalOfAsync($"--{key}=1"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(
        "--Tokens:Colour=red",
        "Tokens:Colour is not a known setting: there are AccessTokenLifetime,"
    )]
    [InlineData("--Passwords:IsNist=true", "Passwords:IsNist is not a known setting")]
    [InlineData("--Mail:Host:0=mail.example.com", "Mail:Host must be a single value")]
    [InlineData("--Proxies:Known=10.0.0.7", "Proxies:Known must be a list")]
    [InlineData("--RateLimits:PerUser=30", "RateLimits:PerUser must be an object")]
    public async Task What_would_be_passed_over_is_refused(string setting, string sentence)
    {
        Assert.Contains(sentence, await RefusalOfAsync(setting), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelt_variable_is_refused_too()
    {
        var environment = new Dictionary<string, string?> { ["Tokens__AccesTokenLifetime"] = "00:05:00" };
        await using var program = AuthServerProcess.Start(_folder.Path, environment, "check-config");

        Assert.Equal(1, await program.ExitAsync());
        Assert.Contains("(did you mean 'AccessTokenLifetime'?)", program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variables_of_other_programs_stop_no_start()
    {
        var environment = new Dictionary<string, string?>
        {
            ["MAIL"] = "/var/mail/root",
            ["KEYS"] = "x",
            ["TOKENS"] = "1",
            ["REDIS_PORT"] = "tcp://10.0.0.1:6379",
            ["Redis__Sentinel"] = "10.0.0.1",
        };
        await using var program = AuthServerProcess.Start(_folder.Path, environment, "check-config");

        Assert.Equal(0, await program.ExitAsync());
        Assert.Empty(program.Error);
        Assert.Contains(
            "Redis:Sentinel is not a known setting: there are ConnectionString, Password, Timeout.",
            program.Output,
            StringComparison.Ordinal
        );
    }

    private async Task<string> RefusalOfAsync(string setting)
    {
        // The demo settings of Development hold nothing that only Production refuses.
        var environment = new Dictionary<string, string?> { ["ASPNETCORE_ENVIRONMENT"] = "Development" };
        await using var program = AuthServerProcess.Start(_folder.Path, environment, "check-config", setting);
        Assert.Equal(1, await program.ExitAsync());
        return program.Error;
    }
}
