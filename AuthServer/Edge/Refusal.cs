using OpenIddict.Abstractions;
using static AuthServer.Language.Words;

namespace AuthServer.Edge;

/// <summary>Why a request gets no better answer, in words for whoever sent it. Says nothing internal.</summary>
/// <param name="Status">The HTTP status, 400 to 599.</param>
/// <param name="Sentence">One or two sentences: what is wrong, or what to do.</param>
internal sealed record Refusal(int Status, string Sentence)
{
    /// <summary>The heading of the page, the <c>title</c> of problem details.</summary>
    public string Title { get; init; } = TitleOf(Status);

    /// <summary>The <c>error</c> of RFC 6749 §5.2.</summary>
    public string Code { get; init; } =
        Status switch
        {
            429 or 503 => OpenIddictConstants.Errors.TemporarilyUnavailable,
            >= 500 => OpenIddictConstants.Errors.ServerError,
            _ => OpenIddictConstants.Errors.InvalidRequest,
        };

    /// <summary>When it makes sense to try again; null when nobody can say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What the protocol has to say to the developer of the client; null when it did not speak.</summary>
    public string? Detail { get; init; }

    /// <summary>Where a person may go from here; null when only they know.</summary>
    public Way? WayOn { get; init; }

    /// <summary>The refusal of which only the status is known.</summary>
    public static Refusal Of(int status) =>
        new(
            status,
            status switch
            {
                401 or 403 => Say("You are not allowed to do this."),
                404 => Say("There is nothing at this address. Check it for a typing mistake."),
                405 => Say("This address does not take that method."),
                408 => Say("The request took too long to arrive. Please try again."),
                413 => Say("More was sent than this address takes."),
                414 => Say("The address is too long."),
                431 => Say(
                    "The headers of the request are too long. Delete the cookies of this site and try again."
                ),
                415 => Say("This address does not take that type of content."),
                429 => Say("There were too many requests. Please wait a little, then try again."),
                503 => Say("This cannot be done at the moment. Please try again in a few seconds."),
                >= 500 => Say(
                    "The mistake is ours. Please try again; if it happens again, tell us the reference below."
                ),
                _ => Say("The request could not be understood. Go back, reload the page and try again."),
            }
        );

    /// <summary>A refusal of the protocol that may not be taken back to the client by a redirect.</summary>
    public static Refusal OfProtocol(int status, string code, string? description) =>
        new(
            status,
            Say(
                "The application that sent you here asked for something that it may not have. Go back to it and try again; if it happens again, tell the people who run it what stands below."
            )
        )
        {
            Title = Say("This request cannot go on"),
            Code = code,
            Detail = description,
        };

    private static string TitleOf(int status) =>
        status switch
        {
            401 or 403 => Say("Not allowed"),
            404 => Say("Not found"),
            405 => Say("Not possible this way"),
            413 or 414 or 431 => Say("Too much at once"),
            429 => Say("Too many requests"),
            503 => Say("One moment, please"),
            >= 500 => Say("Something went wrong"),
            _ => Say("That did not work"),
        };

    /// <summary>A link on the page of a refusal.</summary>
    /// <param name="Path">Of this server.</param>
    /// <param name="Words">What the link says.</param>
    internal sealed record Way(string Path, string Words);
}
