using System.Globalization;
using System.Text;
using System.Text.Json;
using AuthServer.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Edge;

/// <summary>
/// Requests that nobody sends on purpose, at every endpoint: each is answered, none breaks anything, none changes
/// anything. A failure prints the request and the seed.
/// </summary>
public class FuzzTests(FuzzTests.PatientServer server) : IClassFixture<FuzzTests.PatientServer>
{
    private const ulong Seed = 20_261_124;
    private const ulong Gamma = 7;

    // The engine answers these by itself, so they are in no route table.
    private static readonly string[] OfTheEngine =
    [
        "/connect/introspect",
        "/connect/revoke",
        "/connect/par",
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/.well-known/jwks",
    ];

    public static TheoryData<string> Corpus =>
        [
            .. File.ReadLines(
                Path.Combine(Repository.Root.FullName, "AuthServer.Tests", "Edge", "fuzz.corpus.txt")
            ),
        ];

    [Theory]
    [Trait("Requirement", "C-88")]
    [InlineData("/connect/token", 300)]
    [InlineData("/connect/authorize", 300)]
    [InlineData("/connect/", 300)]
    [InlineData("/.well-known/", 100)]
    [InlineData("/account/", 300)]
    [InlineData("/api/", 300)]
    [InlineData("/", 200)]
    public async Task No_request_breaks_or_changes_the_server(string endpoints, int count)
    {
        var paths = (await PathsAsync())
            .Where(path => path.StartsWith(endpoints, StringComparison.Ordinal))
            .ToList();
        var before = await RowsAsync();

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(Seed + (ulong)endpoints.Length, Gamma),
            Prop.ForAll(Shots.At(paths), FaultOf)
        );

        Assert.NotEmpty(paths);
        Assert.Equal(before, await RowsAsync());
    }

    [Theory]
    [Trait("Requirement", "C-88")]
    [MemberData(nameof(Corpus))]
    public async Task A_request_that_was_thought_of_does_neither(string line)
    {
        Assert.Null(await AnswerAsync(Shot.Parse(line)));
    }

    private static string? Fault(Shot shot, HttpResponseMessage answer, string body)
    {
        var status = (int)answer.StatusCode;
        // Kestrel knows no such path and says so itself, in nothing but a status.
        if (shot.Target.Split('?')[0].Contains("%00", StringComparison.Ordinal))
        {
            return status == 400 && body.Length == 0 ? null : $"{status} to NUL in the path";
        }

        if (status >= 500)
        {
            return $"{status}";
        }

        string[] required = ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"];
        if (Array.Find(required, name => !answer.Headers.Contains(name)) is { } missing)
        {
            return $"{status} without {missing}";
        }

        return status < 400 || answer.RequestMessage!.Method == HttpMethod.Head || IsStandard(answer, body)
            ? null
            : $"{status} in no standard form: {answer.Content.Headers.ContentType} {body}";
    }

    // RFC 6749 or RFC 7662 with an error, RFC 9457, or our page; a challenge of RFC 6750 has no body.
    private static bool IsStandard(HttpResponseMessage answer, string body) =>
        answer.Content.Headers.ContentType?.MediaType switch
        {
            "application/json" => JsonDocument.Parse(body).RootElement.TryGetProperty("error", out _),
            "application/problem+json" => JsonDocument
                .Parse(body)
                .RootElement.TryGetProperty("reference", out _),
            "text/html" => body.Contains("<h1>", StringComparison.Ordinal),
            null => answer.Headers.WwwAuthenticate.Count > 0,
            _ => false,
        };

    private async Task FaultOf(Shot shot)
    {
        if (await AnswerAsync(shot) is { } fault)
        {
            throw new InvalidOperationException(fault);
        }
    }

    private async Task<string?> AnswerAsync(Shot shot)
    {
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var uri = new Uri(server.Address.ToString().TrimEnd('/') + shot.Target, options);
        using var request = new HttpRequestMessage(new HttpMethod(shot.Method), uri);
        request.Headers.TryAddWithoutValidation(shot.Header, shot.Value);
        if (shot.ContentType is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(shot.Body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", shot.ContentType);
        }

        using var answer = await server.Http.SendAsync(request);
        return Fault(shot, answer, await answer.Content.ReadAsStringAsync());
    }

    private async Task<IEnumerable<string>> PathsAsync() =>
        (await Routes.AllAsync(server))
            .Select(endpoint => $"/{endpoint.RoutePattern.RawText?.TrimStart('/')}")
            .Where(path => !path.Contains('{', StringComparison.Ordinal))
            .Concat(OfTheEngine)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.Ordinal);

    private Task<string> RowsAsync() =>
        server.WithDbAsync(async db =>
        {
            await db.Database.OpenConnectionAsync();
            var rows = new StringBuilder();
            var tables = db
                .Model.GetEntityTypes()
                .Select(type => type.GetTableName()!)
                .Where(table => !table.StartsWith("Audit", StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal);
            foreach (var table in tables)
            {
                await using var command = db.Database.GetDbConnection().CreateCommand();
                command.CommandText = $"SELECT * FROM \"{table}\"";
                await using var reader = await command.ExecuteReaderAsync();
                while (await reader.ReadAsync())
                {
                    var values = Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue);
                    rows.Append(
                        CultureInfo.InvariantCulture,
                        $"{table}: {string.Join(", ", values.Select(Text))}\n"
                    );
                }
            }

            return rows.ToString();
        });

    private static string Text(object value) =>
        value is byte[] bytes ? Convert.ToHexString(bytes) : $"{value}";

    /// <summary>Counts requests so generously that every one gets an answer of its own.</summary>
    public sealed class PatientServer : Server
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [
                new("RateLimits:Global:PermitLimit", "1000000"),
                new("RateLimits:PerClient:PermitLimit", "1000000"),
                new("RateLimits:SignInFailures:PermitLimit", "1000000"),
                new("RateLimits:SignInFailuresPerAddress:PermitLimit", "1000000"),
            ];
    }
}
