using AuthServer.Tests.Support;

namespace AuthServer.Tests.Commands.SafeStart;

/// <summary>The real program: what it refuses, how it says so, and that nothing has been touched by then.</summary>
public sealed class CheckConfigTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Trait("Requirement", "C-89")]
    [InlineData("--Issuer=http://login.example.com/", "Issuer is 'http://login.example.com/'")]
    [InlineData(
        "--Issuer=https://login.example.com/?tenant=1",
        "Issuer is 'https://login.example.com/?tenant=1'"
    )]
    [InlineData("--Passwords:BcryptCost=4", "Passwords:BcryptCost is 4")]
    [InlineData("--Proxies:Known:1=0.0.0.0/0", "Proxies:Known:1 is '0.0.0.0/0'")]
    [InlineData("--AllowedHosts=*", "AllowedHosts is '*'")]
    [InlineData("--Data:MasterKey=not-even-base64", "Data:MasterKey stands on the command line")]
    [InlineData("--Tokens:AccessTokenLifetime=02:00:00", "Tokens:AccessTokenLifetime must be")]
    [InlineData("--Clients:0:GrantTypes:0=password", "Clients:0:ClientId is missing")]
    [InlineData("--Unsafe:AllowEverything=true", "Unsafe:AllowEverything is no flag")]
    public async Task An_unsafe_start_ends_with_code_1_and_a_line_that_names_setting_and_cure(
        string setting,
        string sentence
    )
    {
        await using var served = AuthServerProcess.Start(_folder.Path, setting);
        await using var @checked = AuthServerProcess.Start(_folder.Path, "check-config", setting);

        Assert.Equal(1, await served.ExitAsync());
        Assert.Equal(1, await @checked.ExitAsync());
        Assert.StartsWith(sentence, served.Error, StringComparison.Ordinal);
        Assert.Equal(served.Error, @checked.Error);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    [Trait("Requirement", "C-89")]
    public async Task All_reasons_come_at_once_those_of_clients_too_and_are_an_event_in_the_log()
    {
        await using var program = AuthServerProcess.Start(
            _folder.Path,
            "--Issuer=http://login.example.com/",
            "--AllowedHosts=*",
            "--Keys:RotationPeriod=00:00:00",
            "--Clients:0:ClientId=spa"
        );

        Assert.Equal(1, await program.ExitAsync());
        var lines = program.Error.TrimEnd().Split('\n');
        foreach (
            var setting in new[] { "Issuer is", "AllowedHosts is", "Keys:RotationPeriod must", "Clients:0:" }
        )
        {
            Assert.Contains(lines, line => line.StartsWith(setting, StringComparison.Ordinal));
        }

        Assert.Contains("unsafe_start_refused", program.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    [Trait("Requirement", "C-89")]
    public async Task A_good_configuration_is_ok_and_nothing_is_touched()
    {
        await using var program = AuthServerProcess.Start(_folder.Path, "check-config");

        Assert.Equal(0, await program.ExitAsync());
        Assert.EndsWith("ok", program.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Empty(program.Error);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    [Trait("Requirement", "C-89")]
    public async Task What_a_flag_allows_is_logged_and_told_by_readiness()
    {
        await using var program = AuthServerProcess.Start(
            _folder.Path,
            "--Issuer=http://login.example.com/",
            "--Unsafe:AllowHttpIssuer=true"
        );
        await program.ReadyAsync();
        using var http = new HttpClient { BaseAddress = program.Address };

        var ready = await http.GetStringAsync("health/ready");

        Assert.StartsWith("ready, unsafe: AllowHttpIssuer", ready, StringComparison.Ordinal);
        await program.SaysAsync("Unsafe:AllowHttpIssuer allows");
    }

    [Fact]
    public async Task Explain_lists_every_rule_with_the_way_to_allow_it()
    {
        await using var program = AuthServerProcess.Start(_folder.Path, "check-config", "--explain");

        Assert.Equal(0, await program.ExitAsync());
        foreach (var rule in AuthServer.Commands.SafeStart.Rules.All)
        {
            Assert.Contains(rule.Id, program.Output, StringComparison.Ordinal);
            Assert.Contains(rule.Refused, program.Output, StringComparison.Ordinal);
            Assert.Contains(rule.Flag ?? "", program.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_section_that_nobody_reads_is_warned_about_with_the_nearest_name()
    {
        var config = _folder.Write(
            "own.json",
            """{ "Token": { "AccessTokenLifetime": "00:05:00" }, "Colour": 1, "Audit": { "Enabled": false } }"""
        );
        var environment = new Dictionary<string, string?> { ["Proxis__Known__0"] = "10.0.0.1" };
        await using var program = AuthServerProcess.Start(
            _folder.Path,
            environment,
            "check-config",
            "--config",
            config
        );

        Assert.Equal(0, await program.ExitAsync());
        Assert.Contains(
            "'Token' is not known and does nothing (did you mean 'Tokens'?)",
            program.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("'Colour' is not known and does nothing.", program.Output, StringComparison.Ordinal);
        Assert.Contains("'Audit' is not known and does nothing.", program.Output, StringComparison.Ordinal);
        Assert.Contains("(did you mean 'Proxies'?)", program.Output, StringComparison.Ordinal);
    }
}
