using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace AuthServer.Tests.Edge;

public class ErrorsTests(FaultyServer server) : IClassFixture<FaultyServer>
{
    [Fact]
    [Trait("Requirement", "C-88")]
    public async Task A_defect_is_a_plain_page_with_the_trace_id_and_nothing_internal()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "account/defect");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        using var answer = await server.Http.SendAsync(request);
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Contains("0af7651916cd43dd8448eb211c80319c", page, StringComparison.Ordinal);
        Assert.DoesNotContain(FaultyServer.Internals, page, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", page, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Requirement", "C-88")]
    [InlineData("defect", 500, "server_error")]
    [InlineData("database", 503, "temporarily_unavailable")]
    [InlineData("update", 503, "temporarily_unavailable")]
    [InlineData("malformed", 408, "invalid_request")]
    [InlineData("nothing", 404, "invalid_request")]
    public async Task A_client_of_the_protocol_gets_the_error_of_RFC_6749(
        string fault,
        int status,
        string error
    )
    {
        using var answer = await server.Http.PostAsync($"connect/token/{fault}", content: null);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(error, json.GetProperty("error").GetString());
        Assert.Equal(32, json.GetProperty("reference").GetString()?.Length);
        Assert.DoesNotContain(FaultyServer.Internals, json.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Requirement", "C-88")]
    [InlineData("defect", 500)]
    [InlineData("database", 503)]
    [InlineData("malformed", 408)]
    [InlineData("nothing", 404)]
    public async Task A_caller_of_the_API_gets_the_problem_details_of_RFC_9457(string fault, int status)
    {
        using var answer = await server.Http.GetAsync($"api/{fault}");
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(status, json.GetProperty("status").GetInt32());
        Assert.Equal(32, json.GetProperty("reference").GetString()?.Length);
        Assert.DoesNotContain(FaultyServer.Internals, json.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("*/*")]
    public async Task Problem_details_of_a_feature_carry_the_reference_too(string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/field");
        request.Headers.Add("Accept", accept);

        using var answer = await server.Http.SendAsync(request);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True(json.GetProperty("errors").TryGetProperty("email", out _));
        Assert.Equal(32, json.GetProperty("reference").GetString()?.Length);
        Assert.False(json.TryGetProperty("traceId", out _));
    }

    [Theory]
    [InlineData("application/json", "application/problem+json")]
    [InlineData("text/html, application/json;q=0.5", "text/html")]
    [InlineData("*/*", "text/html")]
    public async Task Elsewhere_the_Accept_header_decides(string accept, string mediaType)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "nothing");
        request.Headers.Add("Accept", accept);

        using var answer = await server.Http.SendAsync(request);

        Assert.Equal(mediaType, answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("account/database")]
    [InlineData("connect/token/update")]
    [InlineData("api/database")]
    public async Task While_the_database_is_away_callers_are_told_when_to_come_back(string path)
    {
        using var answer = await server.Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public async Task A_refusal_of_the_engine_that_may_not_be_redirected_is_a_page_of_ours(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "connect/authorize/engine");

        using var answer = await server.Http.SendAsync(request);
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("<code>invalid_request</code>", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;is bad&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("openiddict", page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    [Trait("Requirement", "C-70")]
    public async Task A_form_without_its_token_is_refused_and_the_page_says_what_to_do()
    {
        using var form = new FormUrlEncodedContent([new("a", "b")]);

        using var answer = await server.Http.PostAsync("", form);
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("reload the page and send the form again", page, StringComparison.Ordinal);
    }
}
