using System.Net;
using System.Text;
using System.Text.Json;
using AuthServer.Data;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Accounts;

public class RegisterApiTests(Server server) : IClassFixture<Server>
{
    private const string Password = "Correct-Horse-7-Battery";

    [Fact]
    public async Task A_new_person_gets_an_id_and_may_sign_in()
    {
        using var answer = await PostAsync(
            new
            {
                email = "new@example.org",
                password = Password,
                name = "Ada",
            }
        );

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var id = (await JsonAsync(answer)).GetProperty("userId").GetString();
        var account = await FindAsync("NEW@EXAMPLE.ORG");
        Assert.Equal(account!.Id, id);
        Assert.Equal("new@example.org", account.Email);
        using var browser = new Browser(server);
        await browser.SignInAsync("new@example.org");
        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Every_invalid_field_is_told_at_once()
    {
        using var answer = await PostAsync(
            new
            {
                email = "no",
                password = "short",
                name = "<b>",
            }
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var errors = (await JsonAsync(answer)).GetProperty("errors");
        Assert.Equal(["email", "password", "name"], errors.EnumerateObject().Select(field => field.Name));
        Assert.Equal(5, errors.GetProperty("password").GetArrayLength());
    }

    [Fact]
    public async Task Missing_fields_are_told_like_invalid_ones()
    {
        using var answer = await PostAsync(new { });

        var errors = (await JsonAsync(answer)).GetProperty("errors");
        Assert.Equal(["email", "password", "name"], errors.EnumerateObject().Select(field => field.Name));
    }

    [Theory]
    [Trait("Requirement", "C-66")]
    [InlineData("""{"email":"x@example.org","password":"P","name":"N","isAdmin":true}""")]
    [InlineData("""{"email":"x@example.org","email":"y@example.org","password":"P","name":"N"}""")]
    [InlineData("""{"Email":"x@example.org"}""")]
    [InlineData("""{"email":7}""")]
    [InlineData("""{"email":["x@example.org"]}""")]
    [InlineData("""{"email":{"a":{"b":{"c":{"d":1}}}}}""")]
    [InlineData("""{"email":"\ud800"}""")]
    [InlineData("""{"email":"x@example.org",}""")]
    [InlineData("""{"email":"x@example.org"} {}""")]
    [InlineData("""[{"email":"x@example.org"}]""")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{")]
    public async Task Anything_but_the_three_texts_is_refused(string json)
    {
        using var answer = await PostAsync(json);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("nothing else", text, StringComparison.Ordinal);
        Assert.DoesNotContain("AuthServer", text, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invalid_UTF_8_is_refused()
    {
        byte[] body = [.. "{\"email\":\""u8, 0xC3, 0x28, .. "\"}"u8];

        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        using var answer = await server.Http.PostAsync("api/account/register", content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Another_content_type_is_refused(string contentType)
    {
        using var content = new StringContent("{}");
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(contentType);

        using var answer = await server.Http.PostAsync("api/account/register", content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task More_than_64_KB_are_refused()
    {
        using var answer = await PostAsync(new { email = new string('a', 70_000) });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    [Trait("Requirement", "C-66")]
    public async Task No_field_of_the_account_can_be_set_beside_the_three()
    {
        foreach (var (field, value) in Overposting.Fields)
        {
            using var answer = await PostAsync(
                new Dictionary<string, string>
                {
                    ["email"] = "over@example.org",
                    ["password"] = Password,
                    ["name"] = "Ada",
                    [field] = value,
                }
            );

            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }

        Assert.Null(await FindAsync("OVER@EXAMPLE.ORG"));
    }

    [Fact]
    [Trait("Requirement", "C-52")]
    public async Task A_known_address_gets_the_same_answer_and_its_owner_a_letter()
    {
        var person = new
        {
            email = "known@example.org",
            password = Password,
            name = "Ada",
        };
        using var first = await PostAsync(person);
        await server.AddAccountAsync(person.email, account => account.EmailConfirmed = true);

        using var second = await PostAsync(person with { email = "KNOWN@example.org", name = "Eve" });

        Assert.Equal(first.StatusCode, second.StatusCode);
        Assert.Equal(Names(first), Names(second));
        var (firstId, secondId) = (await UserIdAsync(first), await UserIdAsync(second));
        Assert.NotEqual(firstId, secondId);
        Assert.True(Guid.TryParse(secondId, out _));
        Assert.Equal("Ada", (await FindAsync("KNOWN@EXAMPLE.ORG"))!.Name);
        var inbox = new Inbox(server);
        await inbox.ReceiveAsync("known@example.org", "Confirm your address");
        await inbox.ReceiveAsync("known@example.org", "Someone tried to register with your address");
    }

    [Fact]
    [Trait("Requirement", "C-52")]
    public async Task Parallel_registrations_of_one_address_make_one_account_and_answer_alike()
    {
        var person = new
        {
            email = "race@example.org",
            password = Password,
            name = "Ada",
        };

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PostAsync(person)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        var ids = await Task.WhenAll(answers.Select(UserIdAsync));
        Assert.Equal(10, ids.Distinct().Count());
        var accounts = await server.WithDbAsync(db =>
            db.Users.Where(user => user.NormalizedEmail == "RACE@EXAMPLE.ORG").ToListAsync()
        );
        Assert.Contains(Assert.Single(accounts).Id, ids);
        foreach (var answer in answers)
        {
            answer.Dispose();
        }
    }

    private static async Task<string?> UserIdAsync(HttpResponseMessage answer) =>
        (await JsonAsync(answer)).GetProperty("userId").GetString();

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) =>
        JsonElement.Parse(await answer.Content.ReadAsStringAsync());

    private static IEnumerable<string> Names(HttpResponseMessage answer) =>
        answer.Headers.Concat(answer.Content.Headers).Select(header => header.Key);

    private Task<Account?> FindAsync(string canonical) =>
        server.WithDbAsync(db =>
            db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.NormalizedEmail == canonical)
        );

    private Task<HttpResponseMessage> PostAsync(object body) => PostAsync(JsonSerializer.Serialize(body));

    private async Task<HttpResponseMessage> PostAsync(string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await server.Http.PostAsync("api/account/register", content);
    }
}
