using System.Text.Json;
using AuthServer.Audit;
using AuthServer.Edge;
using Microsoft.AspNetCore.Authentication;
using static AuthServer.Language.Words;

namespace AuthServer.Accounts.External;

/// <summary>Answers a browser that comes back from a provider with nothing that we may use. Every provider's handler ends here.</summary>
internal static class RemoteTrouble
{
    private const string Reason = "refused";

    /// <summary>For a browser that has nothing with it which could go on.</summary>
    public static Refusal NothingWaits =>
        new(
            400,
            Say(
                "What came back from the other service cannot be used: it is too old, was used before, or does not belong to this browser. Please begin again."
            )
        )
        {
            Title = Say("Signing in did not work"),
            WayOn = Back,
        };

    public static Refusal Cancelled =>
        new(400, Say("Nothing was changed, and you are not signed in. You can sign in another way."))
        {
            Title = Say("You have cancelled"),
            WayOn = Back,
        };

    public static Refusal Silent =>
        new(
            503,
            Say(
                "The other service did not answer as it should. Please try again in a moment, or sign in another way."
            )
        )
        {
            Title = Say("Signing in did not work"),
            WayOn = Back,
        };

    private static Refusal.Way Back => new("/account/login", Say("Back to sign-in"));

    /// <summary>Leaves word of why a handler refuses, for the trail; the person is told less.</summary>
    public static void Explain(AuthenticationProperties properties, string reason) =>
        properties.Items[Reason] = reason;

    public static Task AnswerAsync(RemoteFailureContext context)
    {
        context.HandleResponse();
        var explained = context.Properties?.Items.TryGetValue(Reason, out var reason) == true ? reason : null;
        return RefuseAsync(
            context.HttpContext,
            IsSilence(context.Failure) && explained is null
                ? Trouble.Silence
                : Trouble.Unusable(
                    explained ?? "the answer does not belong to this browser, or was used before"
                )
        );
    }

    public static Task AnswerDeniedAsync(AccessDeniedContext context)
    {
        context.HandleResponse();
        return RefuseAsync(context.HttpContext, Trouble.Cancelled);
    }

    /// <summary>Writes the page, and a line of the trail.</summary>
    public static Task RefuseAsync(HttpContext http, Trouble trouble)
    {
        http.RequestServices.GetRequiredService<AuditLog>()
            .Note(AuditEvent.FederationLogin, reason: trouble.Reason);
        return ErrorResponse.WriteAsync(http, trouble.Refusal);
    }

    /// <summary>Whether the provider is down, slow, says too much or no JSON, or its keys cannot be fetched.</summary>
    public static bool IsSilence(Exception? failure) =>
        failure
            is HttpRequestException
                or IOException
                or OperationCanceledException
                or JsonException
                or InvalidOperationException;
}
