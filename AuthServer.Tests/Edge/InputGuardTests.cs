using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace AuthServer.Tests.Edge;

public class InputGuardTests(FaultyServer server) : IClassFixture<FaultyServer>
{
    [Theory]
    [InlineData("%00")] // NUL
    [InlineData("a%00b")]
    [InlineData("%FF")] // never part of UTF-8
    [InlineData("%C3")] // cut short
    [InlineData("%C3%28")]
    [InlineData("%C0%80")] // NUL, too long
    [InlineData("%ED%A0%80")] // half of a surrogate pair
    [InlineData("%F5%80%80%80")] // beyond Unicode
    public async Task Text_that_is_not_UTF_8_or_holds_NUL_is_refused_wherever_it_comes(string text)
    {
        using var byQuery = await SendAsync($"connect/authorize/echo?a={text}");
        using var byName = await SendAsync($"connect/authorize/echo?{text}=a");
        using var byForm = await PostAsync("connect/token/echo", $"a={text}");
        using var byFieldName = await PostAsync("connect/token/echo", $"{text}=a");

        Assert.Equal(HttpStatusCode.BadRequest, byQuery.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, byName.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, byForm.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, byFieldName.StatusCode);
    }

    [Theory]
    [InlineData("%C3%A9", "é")]
    [InlineData("%f0%9f%94%91", "🔑")]
    [InlineData("a+b%20c", "a b c")]
    [InlineData("100%", "100%")]
    [InlineData("%zz", "%zz")]
    [InlineData("%2500", "%00")]
    [InlineData("%EF%BF%BD", "\uFFFD")]
    public async Task Text_that_can_be_read_arrives_as_it_was_meant(string text, string meant)
    {
        using var byQuery = await SendAsync($"echo?a={text}");
        using var byForm = await PostAsync("echo", $"a={text}");

        Assert.Equal(meant, await byQuery.Content.ReadAsStringAsync());
        Assert.Equal(meant, await byForm.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("nothing/%FF")]
    [InlineData("nothing/%00")]
    public async Task A_path_that_is_not_text_is_refused(string path)
    {
        using var answer = await SendAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("connect/token/echo", "application/json")]
    [InlineData("api/echo", "application/problem+json")]
    [InlineData("account/echo", "text/html")]
    public async Task A_refusal_comes_in_the_form_of_the_endpoint(string path, string mediaType)
    {
        using var answer = await PostAsync(path, "a=%00");

        Assert.Equal(mediaType, answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Bytes_of_a_form_that_are_no_text_are_refused_even_when_not_encoded()
    {
        using var latin1 = Form([(byte)'a', (byte)'=', 0xE9]);
        using var nul = Form([(byte)'a', (byte)'=', 0]);

        using var first = await server.Http.PostAsync("echo", latin1);
        using var second = await server.Http.PostAsync("echo", nul);

        Assert.Equal(HttpStatusCode.BadRequest, first.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, second.StatusCode);
    }

    [Theory]
    [InlineData(8_100, HttpStatusCode.OK)]
    [InlineData(8_200, HttpStatusCode.BadRequest)]
    [InlineData(15_000, HttpStatusCode.BadRequest)]
    [InlineData(20_000, HttpStatusCode.RequestUriTooLong)]
    [InlineData(40_000, HttpStatusCode.RequestUriTooLong)]
    public async Task A_query_has_at_most_8_KB(int length, HttpStatusCode status)
    {
        using var answer = await SendAsync($"echo?a={new string('x', length)}");

        Assert.Equal(status, answer.StatusCode);
    }

    [Theory]
    [InlineData(16_000, HttpStatusCode.OK)]
    [InlineData(17_000, HttpStatusCode.BadRequest)]
    [InlineData(70_000, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_field_has_at_most_16_KB_and_a_body_64(int length, HttpStatusCode status)
    {
        using var answer = await PostAsync("connect/token/echo", $"a={new string('x', length)}");

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status != HttpStatusCode.OK, await IsOAuthErrorAsync(answer));
    }

    [Theory]
    [InlineData(100, HttpStatusCode.OK)]
    [InlineData(101, HttpStatusCode.BadRequest)]
    public async Task A_form_has_at_most_100_fields(int count, HttpStatusCode status)
    {
        using var answer = await PostAsync("echo", string.Join('&', Enumerable.Repeat("a=b", count)));

        Assert.Equal(status, answer.StatusCode);
    }

    [Theory]
    [InlineData(10_000, HttpStatusCode.OK)]
    [InlineData(70_000, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_body_whose_length_is_not_announced_is_held_to_the_same_limit(
        int length,
        HttpStatusCode status
    )
    {
        using var content = new StreamContent(new SlowText($"a={new string('x', length)}"));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        using var request = new HttpRequestMessage(HttpMethod.Post, "echo") { Content = content };
        request.Headers.TransferEncodingChunked = true;

        using var answer = await server.Http.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK, body == new string('x', length));
    }

    [Fact]
    public async Task An_empty_form_is_a_form()
    {
        using var answer = await PostAsync("echo", "");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("connect/token/echo")]
    [InlineData("account/echo")]
    public async Task A_multipart_form_is_refused(string path)
    {
        using var form = new MultipartFormDataContent { { new StringContent("b"), "a" } };

        using var answer = await server.Http.PostAsync(path, form);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Fact]
    [Trait("Requirement", "C-81")]
    public async Task Headers_have_at_most_16_KB()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "echo");
        request.Headers.Add("X-Long", new string('x', 17_000));

        using var answer = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, answer.StatusCode);
    }

    private static async Task<bool> IsOAuthErrorAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadAsStringAsync()).StartsWith(
            "{\"error\":\"invalid_request\"",
            StringComparison.Ordinal
        );

    private static ByteArrayContent Form(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        return content;
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string body)
    {
        using var form = Form(Encoding.ASCII.GetBytes(body));
        return await server.Http.PostAsync(path, form);
    }

    // As written: the Uri of .NET would tidy what is being tested.
    private async Task<HttpResponseMessage> SendAsync(string target)
    {
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address + target, options));
        return await server.Http.SendAsync(request);
    }

    /// <summary>Gives its text in small pieces, so that it travels in many chunks.</summary>
    private sealed class SlowText(string text) : MemoryStream(Encoding.ASCII.GetBytes(text))
    {
        public override ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        ) => base.ReadAsync(buffer[..Math.Min(buffer.Length, 1000)], cancellationToken);

        public override async Task CopyToAsync(
            Stream destination,
            int bufferSize,
            CancellationToken cancellationToken
        )
        {
            var piece = new byte[1000];
            int read;
            while ((read = await ReadAsync(piece, cancellationToken)) > 0)
            {
                await destination.WriteAsync(piece.AsMemory(0, read), cancellationToken);
                await destination.FlushAsync(cancellationToken);
            }
        }
    }
}
