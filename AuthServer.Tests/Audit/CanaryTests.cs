using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Data.Sqlite;

namespace AuthServer.Tests.Audit;

/// <summary>The program, as an operator runs it, and all that it writes while secrets pass through it.</summary>
public sealed class CanaryTests : IAsyncLifetime, IDisposable
{
    private const string Password = "Canary-Password-7-Battery";
    private const string WrongPassword = "Canary-Wrong-7-Battery";
    private const string Secret = "canary-secret-of-the-web-0123456789abcdef";
    private const string WrongSecret = "canary-guess-of-a-secret-0123456789abcdef";
    private const string Email = "canary@example.org";
    private const string Callback = "http://localhost:5999/callback";
    private const string Config = $$"""
        {
          "Accounts": { "RequireConfirmedEmail": false },
          "Clients": [
            {
              "ClientId": "web", "ClientSecret": "{{Secret}}", "RequireConsent": false,
              "GrantTypes": ["authorization_code", "refresh_token"], "RedirectUris": ["{{Callback}}"],
              "Scopes": ["openid", "offline_access", "orders.read"]
            }
          ],
          "Apis": [{ "Name": "orders-api", "Scopes": ["orders.read"] }]
        }
        """;

    private readonly Folder _folder = new();
    private readonly string _verifier = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
    private AuthServerProcess _server = null!;
    private Browser _browser = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _server = AuthServerProcess.Start(
            _folder.Path,
            "--config",
            _folder.Write("own.json", Config),
            "--Passwords:BcryptCost=12"
        );
        await _server.ReadyAsync();
        _browser = new Browser(_server.Address);
        _http = new HttpClient { BaseAddress = _server.Address };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        _browser.Dispose();
        await _server.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Requirement", "C-86")]
    public async Task No_secret_is_in_anything_that_it_writes()
    {
        await _browser.RegisterAsync(Email, Password);
        await _browser.SignInAsync(Email, WrongPassword);
        await _browser.SignInAsync(WrongPassword, Password);
        await _browser.SignInAsync(Email, Password);
        var code = await AuthorizeAsync();
        var first = await TokenAsync(("grant_type", "authorization_code"), ("code", code));
        await TokenAsync(("grant_type", "authorization_code"), ("code", code));
        code = await AuthorizeAsync();
        first = await TokenAsync(("grant_type", "authorization_code"), ("code", code));
        var second = await TokenAsync(
            ("grant_type", "refresh_token"),
            ("refresh_token", Text(first, "refresh_token"))
        );
        await PostAsync("connect/introspect", ("token", Text(second, "access_token")));
        await PostAsync("connect/revoke", ("token", Text(second, "access_token")));
        await PostAsync("connect/token", ("grant_type", "refresh_token"), ("client_secret", WrongSecret));
        await PostAsync("connect/token", ("client_id", WrongSecret), ("client_secret", WrongSecret));
        await _browser.GetAsync($"connect/authorize?client_id={WrongSecret}&code={code}&x=%00");
        await _browser.GetAsync($"account/confirm?id={WrongSecret}&token={WrongSecret}");
        await UserInfoAsync(Text(second, "access_token"));
        await BreakAsync(
            "OpenIddictTokens",
            async () =>
            {
                await TokenAsync(
                    ("grant_type", "refresh_token"),
                    ("refresh_token", Text(second, "refresh_token"))
                );
                await UserInfoAsync(Text(first, "access_token"));
            }
        );
        using (var other = new Browser(_server.Address))
        {
            var page = await other.GetAsync("account/login");
            await BreakAsync(
                "AspNetUsers",
                () => other.PressAsync(page, "Sign in", ("Email", Email), ("Password", Password))
            );
        }

        await _server.SaysAsync("token.introspected");
        await _server.TerminateAsync();
        await _server.ExitAsync();

        string[] secrets =
        [
            Password,
            WrongPassword,
            Secret,
            WrongSecret,
            _verifier,
            code,
            Text(first, "access_token"),
            Text(first, "refresh_token"),
            Text(first, "id_token"),
            Text(second, "access_token"),
            Text(second, "refresh_token"),
            _browser.Cookies["__Host-session"],
            // Of the letter, which leaves the server by mail alone.
            "account/confirm?",
            Email,
        ];
        var written = $"{_server.Output}\n{_server.Error}\n{ReadTrail()}";
        Assert.Contains("token.refreshed", written, StringComparison.Ordinal);
        Assert.Contains("no such table", written, StringComparison.Ordinal);
        Assert.All(
            secrets,
            secret => Assert.DoesNotContain(secret, written, StringComparison.OrdinalIgnoreCase)
        );
        AssertLinesAreJson();
    }

    [Theory]
    [Trait("Requirement", "C-87")]
    [InlineData("forged\r\n{\"event.action\":\"forged\"}")]
    [InlineData("forged\u001b[2J\u2028\u2029\u202e\u0085\"}")]
    public async Task What_is_sent_stays_inside_one_string_of_one_line(string evil)
    {
        var encoded = Uri.EscapeDataString(evil);
        await _browser.RegisterAsync(Email, Password, name: evil);
        await _browser.SignInAsync(evil, evil);
        await PostAsync("connect/token", ("client_id", evil), ("grant_type", "client_credentials"));
        await PostAsync("connect/token", ("client_id", evil), ("grant_type", evil));
        await _browser.GetAsync($"connect/authorize?client_id={encoded}&redirect_uri={encoded}");
        await _browser.GetAsync($"{encoded}/{encoded}");
        using (var request = new HttpRequestMessage(HttpMethod.Get, "account/login"))
        {
            var agent = new string([.. evil.Where(c => c is >= ' ' and < '\x7f')]);
            request.Headers.TryAddWithoutValidation("User-Agent", agent);
            await _http.SendAsync(request);
        }

        await _server.SaysAsync("client.auth_failed");
        await _server.TerminateAsync();
        await _server.ExitAsync();

        AssertLinesAreJson();
        Assert.DoesNotContain(_server.Output, c => c > '~' || (c < ' ' && c is not ('\r' or '\n')));
    }

    private void AssertLinesAreJson()
    {
        Assert.Empty(_server.Error);
        var lines = _server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        foreach (var line in lines)
        {
            var json = JsonDocument.Parse(line).RootElement;
            Assert.Equal(JsonValueKind.Object, json.ValueKind);
            Assert.Matches(
                @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$",
                json.GetProperty("@timestamp").GetString()
            );
            Assert.NotEqual(
                "forged",
                json.TryGetProperty("event.action", out var action) ? action.GetString() : null
            );
        }
    }

    private async Task<string> AuthorizeAsync()
    {
        var challenge = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(_verifier)));
        var page = await _browser.GetAsync(
            $"connect/authorize?client_id=web&response_type=code&redirect_uri={Uri.EscapeDataString(Callback)}&scope=openid%20offline_access%20orders.read&code_challenge={challenge}&code_challenge_method=S256"
        );
        return QueryHelpers.ParseQuery(page.Location!.Query)["code"].ToString();
    }

    private Task<JsonElement> TokenAsync(params (string Name, string Value)[] fields) =>
        PostAsync(
            "connect/token",
            [("client_secret", Secret), ("redirect_uri", Callback), ("code_verifier", _verifier), .. fields]
        );

    private async Task<JsonElement> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        var form = fields.ToDictionary(field => field.Name, field => field.Value);
        if (form.TryAdd("client_id", "web"))
        {
            form.TryAdd("client_secret", Secret);
        }

        using var content = new FormUrlEncodedContent(form);
        using var answer = await _http.PostAsync(path, content);
        var text = await answer.Content.ReadAsStringAsync();
        return text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default;
    }

    private async Task UserInfoAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "connect/userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _http.SendAsync(request);
    }

    // A table that is away stands for a database that fails in the middle of a request.
    private async Task BreakAsync(string table, Func<Task> meanwhile)
    {
        Execute($"ALTER TABLE \"{table}\" RENAME TO away");
        await meanwhile();
        Execute($"ALTER TABLE away RENAME TO \"{table}\"");
    }

    private string ReadTrail()
    {
        var text = new StringBuilder();
        foreach (var table in (string[])["Audit", "AuditLinks", "AuditCheckpoints"])
        {
            using var database = Open();
            using var command = database.CreateCommand();
            command.CommandText = $"SELECT * FROM {table}";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                for (var i = 0; i < reader.FieldCount; i++)
                {
                    var value = reader.GetValue(i);
                    text.Append(value is byte[] bytes ? Encoding.Latin1.GetString(bytes) : value)
                        .Append('\n');
                }
            }
        }

        return text.ToString();
    }

    private void Execute(string sql)
    {
        using var database = Open();
        using var command = database.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteConnection Open()
    {
        var database = new SqliteConnection($"Data Source={_folder.At("authserver.db")};Pooling=false");
        database.Open();
        return database;
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
