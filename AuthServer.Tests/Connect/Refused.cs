using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

/// <summary>The form that every refusal of a machine endpoint has (RFC 6749 §5.2).</summary>
internal static class Refused
{
    public static void As(Answer answer, HttpStatusCode status, string error)
    {
        Assert.Equal((status, error), (answer.Status, answer["error"]));
        InForm(answer);
    }

    /// <summary>As a client that did not prove who it is.</summary>
    public static void AsClient(Answer answer)
    {
        As(answer, HttpStatusCode.Unauthorized, "invalid_client");
        var challenge = Assert.Single(answer.Headers.WwwAuthenticate);
        Assert.Equal("Basic", challenge.Scheme);
        Assert.Contains("realm=\"AuthServer\"", challenge.Parameter, StringComparison.Ordinal);
    }

    /// <summary>With any error, as long as it is one.</summary>
    public static void InForm(Answer answer)
    {
        Assert.InRange((int)answer.Status, 400, 499);
        Assert.Matches("^[a-z_]+$", answer["error"]);
        Assert.All(
            answer["error_description"],
            c => Assert.True(c is >= ' ' and <= '~' and not ('"' or '\\'), answer["error_description"])
        );
        Assert.Matches("^[0-9a-f]{32}$", answer["reference"]);
        Assert.False(answer.Has("error_uri"), "It sends people to a manual that is not ours.");
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }
}
