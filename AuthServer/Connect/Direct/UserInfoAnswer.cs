using AuthServer.Limits;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Direct;

/// <summary>Tells a client what the scopes of its access token let it know of the person (OpenID Connect Core §5.3).</summary>
internal sealed class UserInfoAnswer(StandingTokens tokens, Quotas quotas)
{
    private const string Bearer = "Bearer ";

    /// <summary>True when it has been answered.</summary>
    public async ValueTask<bool> TryAsync(HttpContext http)
    {
        if (
            !HttpMethods.IsGet(http.Request.Method)
            || http.Request.QueryString.HasValue
            || http.Request.Headers.Authorization is not [{ } header]
            || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            || await tokens.FindAsync(header[Bearer.Length..], http.RequestAborted)
                is not { Owner.Account: { } account } token
            || !token.Scopes.Contains(Scopes.OpenId)
        )
        {
            return false;
        }

        if (!await quotas.TakeFromPersonAsync(http, account.Id))
        {
            return true;
        }

        await JsonAnswer.SendAsync(
            http,
            JsonAnswer.Render(json =>
            {
                json.WriteStartObject();
                json.WriteString(Claims.Subject, account.Id);
                TokenWriter.WritePerson(json, account, token.Scopes);
                json.WriteEndObject();
            }),
            "application/json; charset=utf-8"
        );
        return true;
    }
}
