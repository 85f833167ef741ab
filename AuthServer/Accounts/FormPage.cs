using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Accounts;

/// <summary>What every page with a form of ours has: which field is wrong, and the languages that a client asked for.</summary>
internal abstract class FormPage : PageModel
{
    /// <summary>The languages that the client asked for, for the pages that come next.</summary>
    [FromQuery(Name = "ui_locales")]
    public string? UiLocales { get; set; }

    /// <summary>For <c>aria-invalid</c>; null leaves the attribute out.</summary>
    public string? Invalid(string field) =>
        ModelState.GetFieldValidationState(field) == ModelValidationState.Invalid ? "true" : null;
}
