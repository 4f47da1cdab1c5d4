// What the scripts have beside the standard library of the browser.

/** The start script of Blazor. */
declare const Blazor: {
    start(options: {
        circuit: {
            configureSignalR(builder: { withUrl(url: string, options: object): unknown }): void;
            initializers: { beforeStart: unknown[]; afterStarted: unknown[] };
            reconnectionOptions: { maxRetries: number; retryIntervalMilliseconds(attempt: number): number };
        };
    }): Promise<void>;
    navigateTo(address: string): void;
    reconnect(): Promise<boolean>;
    resumeCircuit(): Promise<boolean>;
};

/** The scripts of components, by the name that ComponentScript calls. A test may replace one. */
declare var scripts: Record<string, Record<string, unknown>>;

/** A component of the circuit, as its script gets it. */
interface DotNetObject {
    invokeMethodAsync(method: string, ...args: unknown[]): Promise<any>;
}

// A script looks for elements that its component renders, so the result is not null here. Where an element may be missing, the script casts
// the result to one that may be null, or counts the elements.
interface ParentNode {
    querySelector<K extends keyof HTMLElementTagNameMap>(selectors: K): HTMLElementTagNameMap[K];
    querySelector(selectors: string): HTMLElement;
    querySelectorAll<K extends keyof HTMLElementTagNameMap>(selectors: K): NodeListOf<HTMLElementTagNameMap[K]>;
    querySelectorAll(selectors: string): NodeListOf<HTMLElement>;
}
