using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Limits;

/// <summary>Attempts to sign in, as somebody makes them who guesses.</summary>
internal static class Guesses
{
    public const string Right = "Correct-Horse-7-Battery";
    public const string Wrong = "Wrong-Horse-7-Battery";

    /// <summary>A fresh browser from that address tries once; the status of the answer.</summary>
    public static async Task<Page> GuessAsync(
        this Server server,
        string email,
        string password = Wrong,
        string? from = null
    )
    {
        using var browser = new Browser(server, from);
        return await browser.SignInAsync(email, password);
    }

    /// <summary>That many wrong passwords in turn, each of which is still looked at.</summary>
    public static async Task FailAsync(this Server server, int times, string email, string? from = null)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await server.GuessAsync(email, Wrong, from)).Status);
        }
    }
}
