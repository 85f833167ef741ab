using System.Diagnostics;
using System.Text.Json;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.RelyingParties;

/// <summary>The two OpenID Connect libraries that most JavaScript applications use, against the running server.</summary>
public class NodeTests(Server server) : IClassFixture<Server>
{
    private const string Email = "demo@example.com";
    private const string Password = "Correct-Horse-7-Battery";

    [NodeFact]
    public async Task openid_client_signs_in_refreshes_revokes_and_signs_out()
    {
        var findings = await RunAsync("openid-client.mjs");

        AssertWholeLife(findings);
    }

    [NodeFact]
    public async Task oidc_client_ts_signs_in_refreshes_revokes_and_signs_out()
    {
        var findings = await RunAsync("oidc-client-ts.mjs");

        AssertWholeLife(findings);
    }

    private static void AssertWholeLife(Findings findings)
    {
        Assert.NotEmpty(findings.Subject);
        Assert.Equal("Demo User", findings.Name);
        Assert.Equal(Email, findings.Email);
        Assert.Equal("openid profile email offline_access orders.read", findings.Scope);
        Assert.True(findings.HasNewAccessToken);
        Assert.True(findings.HasNewRefreshToken);
        Assert.Equal("invalid_grant", findings.ErrorAfterRevocation);
        Assert.True(findings.IsStateBack);
    }

    private async Task<Findings> RunAsync(string script)
    {
        using var node = new Process();
        node.StartInfo = new ProcessStartInfo("node", [script])
        {
            WorkingDirectory = NodeFactAttribute.Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ISSUER"] = server.Address.ToString(),
                ["PERSON_EMAIL"] = Email,
                ["PERSON_PASSWORD"] = Password,
            },
        };

        node.Start();
        var output = node.StandardOutput.ReadToEndAsync();
        var errors = node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync();

        Assert.True(node.ExitCode == 0, await errors);
        return JsonSerializer.Deserialize<Findings>(await output, JsonSerializerOptions.Web)!;
    }

    private sealed record Findings(
        string Subject,
        string Name,
        string Email,
        string Scope,
        bool HasNewAccessToken,
        bool HasNewRefreshToken,
        string ErrorAfterRevocation,
        bool IsStateBack
    );
}
