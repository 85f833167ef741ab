using AuthServer.Data;
using AuthServer.Mail;
using AuthServer.Tests.Connect;
using AuthServer.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AuthServer.Tests.Data.Copy;

/// <summary>A server on SQLite in which people have lived, and that has been stopped.</summary>
public sealed class LivedIn : Server
{
    protected override bool IsOnPostgreSql => false;

    /// <summary>The file of its database.</summary>
    public string File => Path.Combine(Folder, "test.db");

    public string MasterKeyFile => File + ".master-key";

    public RelyingParty Spa { get; private set; } = null!;

    /// <summary>Of a person who is signed in.</summary>
    public IDictionary<string, string> Cookies { get; private set; } = null!;

    /// <summary>Not redeemed yet.</summary>
    public string Code { get; private set; } = "";

    /// <summary>The last of a family.</summary>
    public string RefreshToken { get; private set; } = "";

    /// <summary>Of another family: one that has a successor, and the successor.</summary>
    public (string Used, string Next) Rotated { get; private set; }

    public string Jwks { get; private set; } = "";

    // No letter leaves: nobody listens there.
    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            new("Mail:Folder", ""),
            new("Mail:Host", "127.0.0.1"),
            new("Mail:Port", "1"),
            new("Mail:From", "server@example.org"),
        ];

    /// <summary>Starts it, lives in it, and stops it.</summary>
    public async Task LiveAsync()
    {
        await InitializeAsync();
        Spa = RelyingParty.Spa(this);
        using var browser = await this.SignedInAsync(await this.NewPersonAsync("Ada"));
        RefreshToken = (await Spa.RefreshAsync((await Spa.SignInAsync(browser))["refresh_token"]))[
            "refresh_token"
        ];
        var used = (await Spa.SignInAsync(browser))["refresh_token"];
        Rotated = (used, (await Spa.RefreshAsync(used))["refresh_token"]);
        await browser.AllowAsync(await browser.AskAsync(RelyingParty.Partner(this)));
        Code = await Spa.AuthorizeAsync(browser);
        Cookies = browser.Cookies;
        Jwks = await Http.GetStringAsync(".well-known/jwks");
        await using (var scope = Services.CreateAsyncScope())
        {
            scope
                .ServiceProvider.GetRequiredService<Outbox>()
                .Add(new Letter("queued@example.org", "Subject", "Text"));
            await scope.ServiceProvider.GetRequiredService<AuthDb>().SaveChangesAsync();
        }

        await Services.GetRequiredService<IHost>().StopAsync();
        using var pool = new SqliteConnection(Database);
        SqliteConnection.ClearPool(pool);
    }
}
