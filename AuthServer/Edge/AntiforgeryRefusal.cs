using Microsoft.AspNetCore.Mvc.Core.Infrastructure;
using Microsoft.AspNetCore.Mvc.Filters;
using static AuthServer.Language.Words;

namespace AuthServer.Edge;

/// <summary>Says what to do when a form comes without the token that ties it to this browser.</summary>
internal sealed class AntiforgeryRefusal : IAsyncAlwaysRunResultFilter
{
    private static Refusal Outdated =>
        new(
            400,
            Say(
                "This form is out of date, or your browser refuses cookies. Go back, reload the page and send the form again."
            )
        );

    public Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next) =>
        context.Result is IAntiforgeryValidationFailedResult
            ? ErrorResponse.WriteAsync(context.HttpContext, Outdated)
            : next();
}
