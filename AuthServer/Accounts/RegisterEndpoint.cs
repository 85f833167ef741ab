using System.Text.Json;
using AuthServer.Edge;
using Microsoft.Net.Http.Headers;
using static AuthServer.Language.Words;

namespace AuthServer.Accounts;

/// <summary><c>POST /api/account/register</c>: registration for apps, in strict JSON.</summary>
internal static class RegisterEndpoint
{
    /// <summary>Bytes.</summary>
    public const int MaxBody = 64 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        MaxDepth = 4,
    };

    public static async Task<IResult> HandleAsync(
        HttpRequest request,
        Registration registration,
        CancellationToken cancellation
    )
    {
        if (!IsJson(request.ContentType))
        {
            return Refuse(
                StatusCodes.Status415UnsupportedMediaType,
                Say("Send the fields as application/json in UTF-8.")
            );
        }

        NewAccount? person;
        try
        {
            person = await JsonSerializer.DeserializeAsync<NewAccount>(request.Body, Json, cancellation);
        }
        catch (JsonException exception)
        {
            return RefuseShape(exception.Path);
        }
        catch (BadHttpRequestException exception)
        {
            return Refuse(exception.StatusCode, Say("The request body could not be read."));
        }

        if (person is null)
        {
            return RefuseShape("$");
        }

        var result = await registration.RegisterAsync(person, cancellation);
        if (result.Refusal is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        return result.Errors.Count > 0
            ? Results.ValidationProblem(new Dictionary<string, string[]>(result.Errors))
            : Results.Json(new Registered(result.UserId), statusCode: StatusCodes.Status201Created);
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    // The parser's own message names our types, so only the place is passed on.
    private static IResult RefuseShape(string? place) =>
        Results.ValidationProblem(
            new Dictionary<string, string[]>
            {
                [place?.Replace("$.", "", StringComparison.Ordinal) ?? "$"] =
                [
                    Say(
                        "Send one JSON object with the texts email, password and name, each once and nothing else."
                    ),
                ],
            }
        );

    private static IResult Refuse(int status, string detail) => Results.Problem(detail, statusCode: status);

    private sealed record Registered(string UserId);
}
