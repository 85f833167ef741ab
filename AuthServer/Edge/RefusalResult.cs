using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Edge;

/// <summary>A refusal as the result of a page or of an endpoint.</summary>
internal sealed class RefusalResult(Refusal refusal) : ActionResult, IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => ErrorResponse.WriteAsync(httpContext, refusal);

    public override Task ExecuteResultAsync(ActionContext context) => ExecuteAsync(context.HttpContext);
}
