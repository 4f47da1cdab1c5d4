namespace BlazorChat.Channels.Admission;

/// <summary>What <see cref="AdmissionControl"/> counts.</summary>
internal enum AdmissionKind
{
    /// <summary>A socket, stream, hub connection or circuit. A page opens it with its visitor's cookie, so the origin is checked.</summary>
    Connection,

    /// <summary>A request of a program: an upload, or a call of the API.</summary>
    Request,
}

/// <summary>Puts endpoints under <see cref="AdmissionControl"/>.</summary>
internal static class AdmissionEndpoints
{
    /// <summary>Has <see cref="AdmissionControl"/> admit or refuse the requests of an endpoint.</summary>
    public static TBuilder Admit<TBuilder>(this TBuilder endpoint, AdmissionKind kind)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Admitted(kind));

    /// <inheritdoc cref="Admit{TBuilder}"/>
    public static void Admit(this EndpointBuilder endpoint, AdmissionKind kind) => endpoint.Metadata.Add(new Admitted(kind));

    /// <summary>Adds the middleware. It comes after routing and before authentication, which costs more than a refusal.</summary>
    public static void UseAdmission(this IApplicationBuilder app)
    {
        var control = app.ApplicationServices.GetRequiredService<AdmissionControl>();
        app.Use((context, next) => context.GetEndpoint()?.Metadata.GetMetadata<Admitted>() is { } admitted
            ? control.ServeAsync(context, admitted.Kind, next)
            : next(context));
    }

    private sealed record Admitted(AdmissionKind Kind);
}
