using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace AuthServer.Tests.RelyingParties;

/// <summary>What the token endpoint answered.</summary>
internal sealed record GivenTokens(string? AccessToken, string? RefreshToken);

/// <summary>
/// Reads along at the token endpoint, since a relying party rightly shows its tokens to nobody. It is how a test
/// holds a token that the party has put away.
/// </summary>
internal sealed class TokenTap : IStartupFilter
{
    private readonly List<GivenTokens> _given = [];

    /// <summary>The successful answers so far, oldest first.</summary>
    public IReadOnlyList<GivenTokens> Given
    {
        get
        {
            lock (_given)
            {
                return [.. _given];
            }
        }
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.UseWhen(
                context => context.Request.Path == "/connect/token",
                branch =>
                    branch.Use(
                        async (context, proceed) =>
                        {
                            var wire = context.Response.Body;
                            using var copy = new MemoryStream();
                            context.Response.Body = copy;
                            await proceed(context);
                            Read(Encoding.UTF8.GetString(copy.ToArray()));
                            context.Response.Body = wire;
                            await wire.WriteAsync(copy.ToArray());
                        }
                    )
            );
            next(app);
        };

    private void Read(string json)
    {
        using var answer = JsonDocument.Parse(json);
        if (!answer.RootElement.TryGetProperty("access_token", out var accessToken))
        {
            return;
        }

        var hasRefreshToken = answer.RootElement.TryGetProperty("refresh_token", out var refreshToken);
        lock (_given)
        {
            _given.Add(
                new GivenTokens(accessToken.GetString(), hasRefreshToken ? refreshToken.GetString() : null)
            );
        }
    }
}
