using AuthServer.Tests.Support;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Tests.Keys;

/// <summary>What an operator does to the keys, beside a server that runs.</summary>
public sealed class KeyVerbTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Requirement", "C-41")]
    public async Task A_server_that_runs_follows_rotation_and_revocation_without_a_restart()
    {
        await using var server = AuthServerProcess.Start(_folder.Path, "--Keys:PublishAhead=00:00:04");
        await server.ReadyAsync();
        using var http = new HttpClient { BaseAddress = server.Address };
        var first = await PublishedAsync(http);
        Assert.Equal(2, first.Count);

        var rotated = await RunAsync("keys", "rotate", "--Keys:PublishAhead=00:00:04");
        Assert.Equal(
            3,
            rotated.Split('\n').Count(line => line.Contains("is published now", StringComparison.Ordinal))
        );
        await Patience.UntilAsync("the server follows", async () => (await PublishedAsync(http)).Count == 4);

        var list = await RunAsync("keys", "list");
        var current = list.Split('\n')
            .First(line =>
                line.Contains(" current ", StringComparison.Ordinal)
                && line.StartsWith("ES256", StringComparison.Ordinal)
            )
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        var revoked = await RunAsync("keys", "revoke", current);

        Assert.Contains($"{current} is revoked:", revoked, StringComparison.Ordinal);
        await Patience.UntilAsync(
            "the server follows",
            async () => !(await PublishedAsync(http)).Contains(current)
        );
        Assert.Contains(" revoked ", await RunAsync("keys", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_not_there_is_told_and_so_is_wrong_usage()
    {
        await using (var server = AuthServerProcess.Start(_folder.Path))
        {
            await server.ReadyAsync();
        }

        await using var unknown = AuthServerProcess.Start(_folder.Path, "keys", "revoke", "nothing");
        Assert.Equal(1, await unknown.ExitAsync());
        Assert.StartsWith("There is no key 'nothing'", unknown.Error, StringComparison.Ordinal);
        await using var misused = AuthServerProcess.Start(_folder.Path, "keys", "turn");
        Assert.Equal(2, await misused.ExitAsync());
        await using var nameless = AuthServerProcess.Start(_folder.Path, "keys", "revoke");
        Assert.Equal(2, await nameless.ExitAsync());
    }

    private async Task<string> RunAsync(params string[] args)
    {
        await using var verb = AuthServerProcess.Start(_folder.Path, args);
        var code = await verb.ExitAsync();
        Assert.True(code == 0, verb.Error);
        return verb.Output;
    }

    private static async Task<IReadOnlyList<string>> PublishedAsync(HttpClient http)
    {
        var set = new JsonWebKeySet(await http.GetStringAsync(".well-known/jwks"));
        return [.. set.Keys.Select(key => key.Kid)];
    }
}
