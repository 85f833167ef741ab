using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Tests.Support;
using Microsoft.Data.Sqlite;

namespace AuthServer.Tests.Connect;

/// <summary>What a thief of the database holds: nothing that opens anything.</summary>
[Trait("Requirement", "C-27")]
public class TokenStorageTests(Server server) : IClassFixture<Server>
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);

    [Fact]
    public async Task Nothing_that_opens_something_is_in_the_database()
    {
        var browser = await server.SignedInAsync();
        var first = await _spa.SignInAsync(browser);
        var second = await _spa.RefreshAsync(first["refresh_token"]);
        var pushed = await _spa.PushAsync();
        string[] issued =
        [
            first["refresh_token"],
            second["refresh_token"],
            await _spa.AuthorizeAsync(browser),
            pushed["request_uri"].Split(':')[^1],
            first["access_token"],
            first["id_token"],
            browser.Cookies["session"],
            RelyingParty.Report(server).Secret!,
            RelyingParty.Partner(server).Secret!,
            RelyingParty.OrdersApi(server).Secret!,
            People.Password,
        ];

        var values = ReadAll().ToList();

        Assert.All(issued[..4], value => Assert.Equal(32, Base64Url.DecodeFromChars(value).Length));
        // What is kept of a refresh token is found, so what is not found is not kept.
        var kept = Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(issued[0])));
        Assert.Contains(kept, values.Select(Encoding.UTF8.GetString));
        foreach (var shape in issued.SelectMany(Shapes))
        {
            Assert.DoesNotContain(values, value => value.AsSpan().IndexOf(shape) >= 0);
        }
    }

    [Fact]
    public async Task Nothing_that_is_in_the_database_opens_something()
    {
        var browser = await server.SignedInAsync();
        await _spa.SignInAsync(browser);
        await _spa.AuthorizeAsync(browser);
        await _spa.PushAsync();
        var report = RelyingParty.Report(server);

        var texts = ReadAll()
            .Select(Encoding.UTF8.GetString)
            .Where(text => text.Length is > 15 and < 15_000 && !text.Any(char.IsControl))
            .Distinct(StringComparer.Ordinal)
            .ToList();

        Assert.NotEmpty(texts);
        foreach (var text in texts)
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await _spa.RefreshAsync(text)).Status);
            Assert.Equal(HttpStatusCode.BadRequest, (await _spa.RedeemAsync(text)).Status);
            Assert.False(await server.IsActiveAsync(text), text);
            Assert.Equal(
                HttpStatusCode.Unauthorized,
                (await (report with { Secret = text }).ClientCredentialsAsync()).Status
            );
            var pushed =
                $"connect/authorize?client_id=shop-spa&request_uri={Uri.EscapeDataString($"urn:ietf:params:oauth:request_uri:{text}")}";
            if (pushed.Length < 8_000)
            {
                Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(pushed)).Status);
            }
        }
    }

    // A value as it is, and what it would look like had somebody encoded it, or its bytes.
    private static IEnumerable<byte[]> Shapes(string secret)
    {
        var text = Encoding.UTF8.GetBytes(secret);
        List<byte[]> contents = [text];
        if (Base64Url.IsValid(secret))
        {
            contents.Add(Base64Url.DecodeFromChars(secret));
        }

        foreach (var content in contents)
        {
            yield return content;
            yield return Encoding.ASCII.GetBytes(Convert.ToBase64String(content).TrimEnd('='));
            yield return Encoding.ASCII.GetBytes(Base64Url.EncodeToString(content));
            yield return Encoding.ASCII.GetBytes(Convert.ToHexString(content));
            yield return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(content));
        }
    }

    // Every value of every column of every table.
    private IEnumerable<byte[]> ReadAll()
    {
        using var database = new SqliteConnection(
            $"Data Source={Path.Combine(server.Folder, "test.db")};Mode=ReadOnly"
        );
        database.Open();
        var tables = Rows(database, "SELECT name FROM sqlite_master WHERE type = 'table'").ToList();
        Assert.Contains("OpenIddictTokens", tables.Select(Encoding.UTF8.GetString));
        return
        [
            .. tables.SelectMany(table =>
                Rows(database, $"SELECT * FROM \"{Encoding.UTF8.GetString(table)}\"")
            ),
        ];
    }

    private static IEnumerable<byte[]> Rows(SqliteConnection database, string query)
    {
        using var command = database.CreateCommand();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            for (var i = 0; i < reader.FieldCount; i++)
            {
                if (!reader.IsDBNull(i))
                {
                    yield return reader.GetValue(i) is byte[] bytes
                        ? bytes
                        : Encoding.UTF8.GetBytes(reader.GetString(i));
                }
            }
        }
    }
}
