using System.Security.Cryptography;
using AuthServer.Tests.Support;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Tests.Keys;

/// <summary>How an operator replaces the key that seals everything.</summary>
public sealed class MasterKeyRotationTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task After_reseal_the_new_master_key_opens_everything_and_the_former_one_nothing()
    {
        WriteKey("old.key");
        WriteKey("new.key");
        var before = await ServeAsync(["--Data:MasterKeyFile=old.key"]);
        string[] both = ["--Data:MasterKeyFile=new.key", "--Data:OtherMasterKeyFiles:0=old.key"];
        Assert.Equal(before, await ServeAsync(both));

        // Five secrets, three keys and the one that protects the cookie of a form.
        Assert.Contains(
            "9 rows were sealed by another",
            await RunAsync(["keys", "reseal", .. both]),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "\n0 rows were",
            "\n" + await RunAsync(["keys", "reseal", .. both]),
            StringComparison.Ordinal
        );

        Assert.Equal(before, await ServeAsync(["--Data:MasterKeyFile=new.key"]));
        await using var former = AuthServerProcess.Start(_folder.Path, "--Data:MasterKeyFile=old.key");
        Assert.Equal(1, await former.ExitAsync());
        Assert.StartsWith(
            "The master key does not open this database",
            former.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_reseal_that_lacks_a_key_changes_nothing_and_says_which_setting_is_wanted()
    {
        WriteKey("old.key");
        WriteKey("new.key");
        WriteKey("other.key");
        await ServeAsync(["--Data:MasterKeyFile=old.key"]);
        await ServeAsync(["--Data:MasterKeyFile=new.key", "--Data:OtherMasterKeyFiles:0=old.key"]);

        await using var reseal = AuthServerProcess.Start(
            _folder.Path,
            ["keys", "reseal", "--Data:MasterKeyFile=other.key", "--Data:OtherMasterKeyFiles:0=new.key"]
        );

        Assert.Equal(1, await reseal.ExitAsync());
        Assert.Contains("Data:OtherMasterKeyFiles", reseal.Error, StringComparison.Ordinal);
        await ServeAsync(["--Data:MasterKeyFile=old.key"]);
    }

    private void WriteKey(string name)
    {
        var path = _folder.Write(name, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    // A page with a form needs the ring of Data Protection, and makes it.
    private async Task<IReadOnlyList<string>> ServeAsync(string[] settings)
    {
        await using var server = AuthServerProcess.Start(_folder.Path, settings);
        await server.ReadyAsync();
        using var http = new HttpClient { BaseAddress = server.Address };
        await http.GetStringAsync("account/login");
        var set = new JsonWebKeySet(await http.GetStringAsync(".well-known/jwks"));
        await server.TerminateAsync();
        Assert.Equal(0, await server.ExitAsync());
        return [.. set.Keys.Select(key => key.Kid)];
    }

    private async Task<string> RunAsync(string[] args)
    {
        await using var verb = AuthServerProcess.Start(_folder.Path, args);
        var code = await verb.ExitAsync();
        Assert.True(code == 0, verb.Error);
        return verb.Output;
    }
}
