namespace AuthServer.Connect.Direct;

/// <summary>
/// Answers the plain and good requests, which are nearly all, without the engine, whose thirty events for each cost several
/// times what they decide. It only ever says yes: whatever is not plain, not known or not good goes on to the engine as if
/// nobody had looked, and what is refused is refused there, in one place.
/// </summary>
internal sealed class DirectAnswers(
    RequestDelegate next,
    ClientCredentialsAnswer clientCredentials,
    AuthorizationCodeAnswer code,
    RefreshAnswer refresh,
    IntrospectionAnswer introspection,
    UserInfoAnswer userInfo
)
{
    /// <summary>Paths as clients write them; the engine takes other spellings too.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        var isAnswered = http.Request.Path.Value switch
        {
            "/connect/token" => await TryTokenAsync(http),
            "/connect/introspect" => await introspection.TryAsync(http),
            "/connect/userinfo" => await userInfo.TryAsync(http),
            _ => false,
        };
        if (!isAnswered)
        {
            await next(http);
        }
    }

    private ValueTask<bool> TryTokenAsync(HttpContext http) =>
        PlainRequest.FieldOf(http.Request, "grant_type") switch
        {
            "client_credentials" => clientCredentials.TryAsync(http),
            "authorization_code" => code.TryAsync(http),
            "refresh_token" => refresh.TryAsync(http),
            _ => ValueTask.FromResult(false),
        };
}
