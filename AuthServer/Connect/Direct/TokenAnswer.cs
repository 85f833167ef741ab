using System.Text.Json;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Direct;

/// <summary>A successful answer of the token endpoint (RFC 6749 §5.1).</summary>
/// <param name="AccessToken">The JWT.</param>
/// <param name="Lifetime">How long that is good.</param>
internal sealed record TokenAnswer(string AccessToken, TimeSpan Lifetime)
{
    /// <summary>Null where it is what was asked for.</summary>
    public string? Scope { get; init; }

    public string? IdToken { get; init; }

    public string? RefreshToken { get; init; }

    public Task SendAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers.Pragma = "no-cache";
        headers.Expires = "Thu, 01 Jan 1970 00:00:00 GMT";
        return JsonAnswer.SendAsync(http, Write);
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString(Parameters.AccessToken, AccessToken);
        json.WriteString(Parameters.TokenType, TokenTypes.Bearer);
        json.WriteNumber(Parameters.ExpiresIn, (long)Lifetime.TotalSeconds);
        WriteUnlessNull(json, Parameters.Scope, Scope);
        WriteUnlessNull(json, Parameters.IdToken, IdToken);
        WriteUnlessNull(json, Parameters.RefreshToken, RefreshToken);
        json.WriteEndObject();
    }

    private static void WriteUnlessNull(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
