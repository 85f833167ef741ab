using System.Net;
using System.Text;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

/// <summary>What no honest client sends. Each gets a refusal in the form of its endpoint, and none an error of ours.</summary>
[Trait("Requirement", "C-88")]
public class BadInputTests(Server server) : IClassFixture<Server>
{
    private const string Credentials =
        "client_id=nightly-report&client_secret=example-nightly-report-secret-8d4b2f6a0c1e9735";

    private static readonly string[] MachinePaths =
    [
        "connect/token",
        "connect/introspect",
        "connect/revoke",
        "connect/par",
    ];

    /// <summary>The endpoints for machines that take a form.</summary>
    public static TheoryData<string> Machines => [.. MachinePaths];

    /// <summary>The endpoints for browsers.</summary>
    public static TheoryData<string> Pages =>
        ["connect/authorize", "connect/logout", "connect/consent", "connect/signed-out"];

    [Theory]
    [MemberData(nameof(Machines))]
    public async Task Only_a_form_is_read(string path)
    {
        const string Good = $"{Credentials}&grant_type=client_credentials&token=x";
        (string? Type, string Body)[] others =
        [
            (null, Good),
            ("application/json", """{"grant_type":"client_credentials"}"""),
            ("application/json", new string('[', 10_000)),
            ("text/plain", Good),
            ("application/xml", "<a/>"),
            (
                "multipart/form-data; boundary=x",
                "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--"
            ),
            ("application/octet-stream", Good),
            ("application/x-www-form-urlencoded2", Good),
        ];

        foreach (var (type, body) in others)
        {
            var answer = await server.PostAsync(path, body, contentType: type);

            Refused.InForm(answer);
            Assert.Equal("invalid_request", answer["error"]);
        }
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public async Task No_other_method_is_taken(string path)
    {
        foreach (var method in (string[])["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])
        {
            var answer = await server.SendAsync(
                new HttpMethod(method),
                path,
                method == "GET" ? null : Encoding.ASCII.GetBytes(Credentials)
            );

            Refused.InForm(answer);
        }

        using var head = new HttpRequestMessage(HttpMethod.Head, path);
        using var silent = await server.Http.SendAsync(head);
        Assert.InRange((int)silent.StatusCode, 400, 499);
    }

    [Fact]
    public async Task Userinfo_is_read_by_GET_and_POST_only()
    {
        foreach (var method in (string[])["PUT", "DELETE", "PATCH", "OPTIONS"])
        {
            Refused.InForm(
                await server.SendAsync(new HttpMethod(method), "connect/userinfo", authorization: "Bearer x")
            );
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_answers_a_method_that_it_does_not_know_with_a_refusal(string path)
    {
        var browser = await server.SignedInAsync();

        foreach (var method in (string[])["PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])
        {
            var page = await browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

            Assert.InRange((int)page.Status, 400, 499);
            Assert.Matches("[0-9a-f]{32}", page.Html);
        }

        Assert.True(await browser.IsSignedInAsync());
    }

    /// <summary>Bodies that say nothing, too much, or what is no text.</summary>
    public static TheoryData<string, string> Bodies =>
        new()
        {
            { "empty", "" },
            { "only separators", "&&&&====&&" },
            { "no grant", $"{Credentials}&token=" },
            { "empty grant", $"{Credentials}&grant_type=" },
            { "unknown grant", $"{Credentials}&grant_type=magic&token=" },
            { "password grant", $"{Credentials}&grant_type=password&username=a&password=b&token=" },
            {
                "device grant",
                $"{Credentials}&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=x"
            },
            {
                "token exchange",
                $"{Credentials}&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=x"
            },
            { "grant in capitals", $"{Credentials}&grant_type=CLIENT_CREDENTIALS" },
            { "NUL in a value", $"{Credentials}&grant_type=client_credentials&token=a%00b" },
            { "NUL in a name", $"{Credentials}&a%00b=c&grant_type=client_credentials&token=x" },
            { "raw NUL", $"{Credentials}&token=a\0b" },
            { "invalid UTF-8", $"{Credentials}&token=%ff%fe&grant_type=client_credentials" },
            { "overlong UTF-8", $"{Credentials}&token=%c0%80&grant_type=client_credentials" },
            { "lone surrogate", $"{Credentials}&token=%ed%a0%80&grant_type=client_credentials" },
            { "a field too long", $"{Credentials}&token={new string('a', 20_000)}" },
            { "a name too long", $"{Credentials}&{new string('a', 2_000)}=b&token=x" },
            {
                "too many fields",
                Credentials + string.Concat(Enumerable.Range(0, 200).Select(i => $"&a{i}=b"))
            },
            {
                "a field of 1 MB",
                $"{Credentials}&grant_type=refresh_token&refresh_token={new string('a', 1_000_000)}"
            },
            { "a field given twice", $"{Credentials}&token=a&token=b&grant_type=client_credentials" },
            { "a strange field given twice", $"{Credentials}&a%22%5C%C3%BC%0A=b&a%22%5C%C3%BC%0A=c&token=x" },
        };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_cannot_be_honoured_is_refused(string what, string body)
    {
        foreach (var path in MachinePaths)
        {
            var answer = await server.PostAsync(path, body);

            Assert.True((int)answer.Status is >= 400 and < 500, $"{what} at {path}: {answer.Status}");
            Refused.InForm(answer);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("grant_type=")]
    [InlineData("code=x")]
    public async Task A_token_request_without_a_grant_is_invalid(string body)
    {
        var answer = await server.PostAsync("connect/token", $"{Credentials}&{body}");

        Refused.As(answer, HttpStatusCode.BadRequest, "invalid_request");
    }

    [Theory]
    [InlineData("magic")]
    [InlineData("password")]
    [InlineData("implicit")]
    [InlineData("urn:ietf:params:oauth:grant-type:device_code")]
    [InlineData("urn:ietf:params:oauth:grant-type:token-exchange")]
    [InlineData("Client_Credentials")]
    [Trait("Requirement", "C-06")]
    public async Task A_grant_that_is_not_offered_is_unsupported(string grant)
    {
        var answer = await RelyingParty
            .Report(server)
            .PostAsync("connect/token", new Dictionary<string, string?> { ["grant_type"] = grant });

        Refused.As(answer, HttpStatusCode.BadRequest, "unsupported_grant_type");
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=utf-16")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7")]
    [InlineData("application/x-www-form-urlencoded; charset=nonsense")]
    [InlineData("application/x-www-form-urlencoded; charset=iso-8859-1")]
    public async Task A_strange_charset_is_no_way_around_the_checks(string type)
    {
        var answer = await server.PostAsync(
            "connect/token",
            "grant_type=client_credentials",
            contentType: type
        );

        Refused.InForm(answer);
    }

    [Theory]
    [InlineData("orders.read  orders.read", "orders.read")]
    [InlineData(" orders.read ", "orders.read")]
    [InlineData("orders.read orders.read", "orders.read")]
    [InlineData("orders.read\torders.read", null)]
    [InlineData("orders.read\norders.read", null)]
    [InlineData("\"orders.read\"", null)]
    [InlineData("orders\\read", null)]
    [InlineData("orders.read,orders.write", null)]
    [InlineData("örders.read", null)]
    [InlineData("orders.read\u00a0", null)]
    [InlineData("' OR 1=1 --", null)]
    [InlineData("%", null)]
    [Trait("Requirement", "C-26")]
    public async Task A_scope_is_taken_word_by_word(string scope, string? granted)
    {
        var answer = await RelyingParty.Report(server).ClientCredentialsAsync(("scope", scope));

        if (granted is null)
        {
            Refused.As(answer, HttpStatusCode.BadRequest, "invalid_scope");
        }
        else
        {
            Assert.Equal(granted, Jwt.Payload(answer["access_token"])["scope"]!.ToString());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_list_of_scopes_without_end_is_refused(bool isDistinct)
    {
        var scope = string.Join(' ', Enumerable.Range(0, 2_000).Select(i => isDistinct ? $"s{i}" : "s"));

        var answer = await RelyingParty.Report(server).ClientCredentialsAsync(("scope", scope));

        Refused.As(answer, HttpStatusCode.BadRequest, "invalid_scope");
    }

    [Fact]
    public async Task A_code_or_token_as_long_as_a_field_may_be_is_simply_not_good()
    {
        var spa = RelyingParty.Spa(server);

        foreach (var text in (string[])[new('a', 15_000), new('.', 15_000), $"{new string('a', 9_000)}.a.a"])
        {
            Refused.As(await spa.RefreshAsync(text), HttpStatusCode.BadRequest, "invalid_grant");
            Refused.As(await spa.RedeemAsync(text), HttpStatusCode.BadRequest, "invalid_grant");
            Assert.Equal(HttpStatusCode.OK, (await spa.RevokeAsync(text)).Status);
            Assert.False(await server.IsActiveAsync(text));
        }
    }

    [Theory]
    [InlineData("a.b.c")]
    [InlineData("e30.e30.e30")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.W10.AAAA")]
    [InlineData("bnVsbA.bnVsbA.bnVsbA")]
    [InlineData("e30.e30.e30.e30.e30")]
    [InlineData("\ud83d\ude00")]
    [InlineData("urn:ietf:params:oauth:request_uri:")]
    [InlineData("null")]
    [InlineData("0")]
    [InlineData("../../etc/passwd")]
    [InlineData("<script>alert(1)</script>")]
    public async Task Nonsense_is_simply_not_good(string text)
    {
        var spa = RelyingParty.Spa(server);

        Refused.As(await spa.RefreshAsync(text), HttpStatusCode.BadRequest, "invalid_grant");
        Refused.As(await spa.RedeemAsync(text), HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Theory]
    [InlineData("connect/nothing")]
    [InlineData("connect/token/")]
    [InlineData("connect/token/x")]
    [InlineData("connect/TOKEN")]
    [InlineData("connect//token")]
    [InlineData("connect/token;x=y")]
    [InlineData("connect/%74oken")]
    [InlineData("connect/token%00")]
    [InlineData("connect/introspect/")]
    [InlineData(".well-known/nothing")]
    [Trait("Requirement", "C-85")]
    public async Task A_path_that_is_nearly_right_gives_no_token_without_a_secret(string path)
    {
        using var form = new StringContent(
            "grant_type=client_credentials&client_id=nightly-report&token=x",
            Encoding.ASCII,
            Wire.Form
        );

        using var answer = await server.Http.PostAsync(path, form);

        Assert.InRange((int)answer.StatusCode, 400, 499);
        Assert.DoesNotContain(
            "access_token",
            await answer.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
    }
}
