using BlazorChat.Attachments.Serving;
using BlazorChat.Liveblogs.Layout;
using BlazorChat.Markup.Embeds;

namespace BlazorChat.Shell.Http;

internal static class SecurityHeaders
{
    /// <summary>Forbids in browsers what our pages never do, so that injected code can't do it.</summary>
    public static void AddPageSecurityHeaders(this WebApplicationBuilder builder)
    {
        var isSecure = !builder.Environment.IsDevelopment();
        var pages = CreatePolicies(isSecure, policy => DescribePage(policy, []));
        var readerPages = CreatePolicies(isSecure, policy => DescribePage(policy, EmbedServices.Origins));
        var files = CreatePolicies(isSecure, DescribeFile);
        builder.Services.AddSecurityHeaderPolicies()
            .SetDefaultPolicy(pages)
            .SetPolicySelector(request => Has<ReaderPageAttribute>(request.HttpContext) ? readerPages
                : Has<ServesFilesAttribute>(request.HttpContext) ? files
                : pages);
    }

    private static bool Has<TMetadata>(HttpContext http)
        where TMetadata : class => http.GetEndpoint()?.Metadata.GetMetadata<TMetadata>() is not null;

    /// <param name="frames">The origins that may be framed.</param>
    private static void DescribePage(CspBuilder policy, IReadOnlyList<string> frames)
    {
        policy.AddDefaultSrc().Self();
        policy.AddScriptSrc().Self();
        // MudBlazor places menus and dialogs by style attributes, which no nonce can allow.
        policy.AddStyleSrc().Self().UnsafeInline();
        policy.AddImgSrc().Self().Data();
        // A voice message is listened to before it is sent.
        policy.AddMediaSrc().Self().Blob();
        policy.AddConnectSrc().Self();
        policy.AddObjectSrc().None();
        if (frames.Count == 0)
            policy.AddFrameSrc().None();
        else
            policy.AddFrameSrc().From(frames);
        policy.AddBaseUri().Self();
        policy.AddFormAction().Self();
        policy.AddFrameAncestors().None();
    }

    /// <summary>An uploaded file runs nothing. A browser shows it by its own markup and styles.</summary>
    private static void DescribeFile(CspBuilder policy)
    {
        policy.AddDefaultSrc().None();
        policy.AddImgSrc().Self();
        policy.AddMediaSrc().Self();
        policy.AddStyleSrc().UnsafeInline();
        policy.AddFrameAncestors().None();
        policy.AddSandbox();
    }

    private static HeaderPolicyCollection CreatePolicies(bool isSecure, Action<CspBuilder> describe)
    {
        var policies = new HeaderPolicyCollection()
            .AddFrameOptionsDeny()
            .AddContentTypeOptionsNoSniff()
            .AddReferrerPolicyStrictOriginWhenCrossOrigin()
            .AddCrossOriginOpenerPolicy(policy => policy.SameOrigin())
            .RemoveServerHeader()
            .AddPermissionsPolicy(policy =>
            {
                policy.AddCamera().None();
                policy.AddGeolocation().None();
                // Voice messages.
                policy.AddMicrophone().Self();
                policy.AddPayment().None();
                policy.AddCustomFeature("publickey-credentials-create").Self();
                policy.AddCustomFeature("publickey-credentials-get").Self();
                policy.AddUsb().None();
            })
            .AddContentSecurityPolicy(describe);
        if (isSecure)
            policies.AddStrictTransportSecurityMaxAge();
        return policies;
    }
}
